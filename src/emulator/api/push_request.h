// The call SendSSHPublicKey: its JSON and the rules for its fields.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "emulator/api/api_error.h"

namespace eic::emulator {

struct PushRequest {
  std::string instance_id;
  std::string os_user;
  std::string key_line;           // checked and on one line
  std::string availability_zone;  // empty when the call names none
};

// Parses `body` and checks every field: InvalidArgsException with all that is wrong, in the words
// of AWS's front ends. Does not know which instances exist.
std::variant<PushRequest, ApiError> ParsePushRequest(std::string_view body);

}  // namespace eic::emulator
