// The two clocks of a run: the wall clock, for the dates of evidence, and the monotonic one, for
// time limits.
#pragma once

#include <chrono>
#include <ctime>

#include "core/instant.h"

namespace eic {

// Seconds since the epoch. Read once a run (agent/run.cc) and passed on.
inline Instant WallClockNow() { return Instant(std::time(nullptr)); }

// The time by which everything in the run must end.
class Deadline {
 public:
  using Clock = std::chrono::steady_clock;  // CLOCK_MONOTONIC

  static Deadline After(std::chrono::milliseconds span) { return Deadline(Clock::now() + span); }

  // How much is left; zero once it has passed, never negative.
  std::chrono::milliseconds TimeLeft() const {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(at_ - Clock::now());
    return left.count() > 0 ? left : std::chrono::milliseconds(0);
  }

  bool HasPassed() const { return TimeLeft().count() == 0; }

 private:
  explicit Deadline(Clock::time_point at) : at_(at) {}

  Clock::time_point at_;
};

}  // namespace eic
