// What ends the emulator: one line for people, status 1.
#pragma once

#include <stdexcept>

namespace eic::emulator {

class EmulatorError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace eic::emulator
