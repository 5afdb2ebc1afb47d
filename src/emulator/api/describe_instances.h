// DescribeInstances: by ids, or by filters and page by page.
#pragma once

#include <string>
#include <string_view>

#include "emulator/api/ec2_query.h"
#include "emulator/api/filters.h"
#include "emulator/api/form.h"
#include "emulator/http.h"
#include "emulator/instance.h"

namespace eic::emulator {

// The answer to `form`. A page is MaxResults instances (5 to 1000) of the region, and the filters
// choose among those: as with EC2, a page can be empty and more follow. NextToken asks for the
// next. Instance ids and MaxResults exclude each other.
HttpAnswer DescribeInstances(const Form& form, const Ec2World& world, std::string_view region,
                             const std::string& request_id);

// What `instance` has for a filter called `name`.
FilterValues InstanceFilterValues(const Instance& instance, const std::string& name);

}  // namespace eic::emulator
