// DescribeImages: by ids, owners and filters.
#pragma once

#include <string>

#include "emulator/api/ec2_query.h"
#include "emulator/api/filters.h"
#include "emulator/api/form.h"
#include "emulator/http.h"
#include "emulator/image.h"
#include "emulator/sigv4.h"

namespace eic::emulator {

// The answer to `form`: the images that all of ImageId.N, Owner.N (account ids, `self`, `amazon`,
// `aws-marketplace`) and the filters mean. An id that no image has is an error, as with EC2.
HttpAnswer DescribeImages(const Form& form, const Ec2World& world, const Credential& caller,
                          const std::string& request_id);

}  // namespace eic::emulator
