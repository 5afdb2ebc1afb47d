// An error as AWS names it, before it takes the form of one of its protocols.
#pragma once

#include <string>

namespace eic::emulator {

struct ApiError {
  std::string name;  // InvalidArgsException and its siblings
  std::string message;
  int status = 400;
};

}  // namespace eic::emulator
