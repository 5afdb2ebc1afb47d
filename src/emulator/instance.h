// The instance that the emulator stands in for.
#pragma once

#include <string>

namespace eic::emulator {

struct Instance {
  std::string instance_id = "i-0123456789abcdef0";
  std::string region = "us-west-2";
  std::string availability_zone = "us-west-2a";
  std::string domain = "amazonaws.com";
  std::string account_id = "123456789012";
};

}  // namespace eic::emulator
