// Why something in the chain fails: for people, in the log and on a terminal.
#pragma once

#include <string>

#include "core/result.h"

namespace eic::chain {

// May contain bytes of a file or of sshd: whoever prints it escapes it (core/printable.h).
struct Wrong {
  std::string text;
};

template <typename T>
using Outcome = Result<T, Wrong>;

}  // namespace eic::chain
