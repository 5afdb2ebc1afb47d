// DescribeInstances of EC2's query API, as far as clients need it to find an instance's address and
// zone: InstanceId.N, and the filters `instance-id` and `instance-state-name`.
#pragma once

#include <string>
#include <string_view>

#include "emulator/emulated_instance.h"
#include "emulator/http.h"

namespace eic::emulator {

// The answer to a form body (`Action=DescribeInstances&...`). `region` empty: all regions.
HttpAnswer AnswerEc2Query(std::string_view form, const InstanceList& instances,
                          std::string_view region, const std::string& request_id);

// An error in EC2's wire form.
HttpAnswer Ec2ErrorAnswer(int status, std::string_view code, std::string_view message,
                          const std::string& request_id);

}  // namespace eic::emulator
