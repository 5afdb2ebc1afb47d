// A moment in time. core/ never reads a clock: `now` is an argument.
#pragma once

#include <cstdint>

namespace eic {

// Seconds since 1970-01-01T00:00:00Z, leap seconds not counted (POSIX time_t).
using Instant = std::int64_t;

}  // namespace eic
