// Amazon resource names of people and roles: `arn:PARTITION:iam::ACCOUNT:role/PATH/NAME`.
#pragma once

#include <string>
#include <string_view>

namespace eic::emulator {

// The account of `arn`, its fifth field; empty where it has none.
std::string AccountOf(std::string_view arn);

// True for `arn:PARTITION:iam::` and twelve digits, `:role/` and a name.
bool IsRoleArn(std::string_view arn);

// What follows the last slash of `arn`.
std::string NameOfRole(std::string_view arn);

// Who a session of that role is: `arn:PARTITION:sts::ACCOUNT:assumed-role/NAME/SESSION`. The path
// of the role is not part of it.
std::string AssumedRoleArn(std::string_view role_arn, std::string_view session_name);

// The unique id of a user or role, as IAM's begin: `AIDA` or `AROA`, then 17 letters and digits
// that follow from the ARN.
std::string UniqueId(std::string_view prefix, std::string_view arn);

}  // namespace eic::emulator
