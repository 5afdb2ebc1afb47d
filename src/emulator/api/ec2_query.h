// EC2's query API, version 2016-11-15: a form body goes in, XML comes out.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/api/api_error.h"
#include "emulator/api/form.h"
#include "emulator/emulated_instance.h"
#include "emulator/http.h"
#include "emulator/image.h"
#include "emulator/sigv4.h"

namespace eic::emulator {

// What a call can see. All of it is borrowed for the call.
struct Ec2World {
  const InstanceList& instances;
  const std::vector<Image>& images;
  std::size_t page_size = 0;  // instances on a page where the call wants more; 0: all
};

// DescribeInstances and DescribeImages, for a caller whose signature is good. `region` empty: all
// regions.
HttpAnswer AnswerEc2Query(const Form& form, const Ec2World& world, const Credential& caller,
                          std::string_view region, const std::string& request_id);

// An answer in the namespace of the API, with the request's id in front of `content`.
HttpAnswer Ec2Answer(std::string_view root, std::string_view content,
                     const std::string& request_id);

// An error in EC2's wire form.
HttpAnswer Ec2ErrorAnswer(const ApiError& error, const std::string& request_id);

// What EC2 says of ids that are not there: `The instance ID 'i-1' does not exist`, or its plural.
// `what` is `instance ID`; `opening` and `closing` stand around the list.
std::string DoesNotExist(std::string_view what, const std::vector<std::string>& ids,
                         std::string_view opening, std::string_view closing);

}  // namespace eic::emulator
