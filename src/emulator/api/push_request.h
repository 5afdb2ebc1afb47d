// The call SendSSHPublicKey: its JSON and the rules for its fields.
#pragma once

#include <string>
#include <string_view>
#include <variant>

namespace eic::emulator {

// An error as the service names it.
struct ApiError {
  std::string name;  // InvalidArgsException and its siblings
  std::string message;
  int status = 400;
};

struct PushRequest {
  std::string instance_id;
  std::string os_user;
  std::string key_line;           // checked and on one line
  std::string availability_zone;  // empty when the call names none
};

// Parses `body` and checks every field. Does not know which instances exist.
std::variant<PushRequest, ApiError> ParsePushRequest(std::string_view body);

}  // namespace eic::emulator
