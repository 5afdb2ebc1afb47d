// What people read at the end: a failure on stderr, and the exit status.
#pragma once

#include <iosfwd>
#include <string>

#include "aws/failure.h"

namespace eic::client {

inline constexpr int kStatusFailed = 1;
inline constexpr int kStatusUsage = 64;     // EX_USAGE, as in all programs of ours
inline constexpr int kStatusNoAddress = 8;  // the old mssh's number

// `Usage` 64, `NoAddress` 8, all else 1.
int StatusOf(const aws::Failure& failure);

// `eic: MESSAGE`, and the advice on a line of its own.
// Safe for a terminal.
std::string FailureLines(const aws::Failure& failure);

// Prints it, and gives its status.
int Report(std::ostream& errors, const aws::Failure& failure);

}  // namespace eic::client
