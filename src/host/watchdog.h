// Ends a run that hangs inside a library, where nothing checks the run's deadline. doc/design.md,
// "Time".
#pragma once

#include <chrono>
#include <string>

namespace eic {

// While it lives, the process ends with status 0 once `time_max` has passed (CLOCK_MONOTONIC): its
// signal handler writes `last_words` to `descriptor` (skipped if -1, or if it would have to wait)
// and calls _exit(2). Standard output is still empty then: a run disarms it before it prints. Only
// one may exist at a time.
class Watchdog {
 public:
  Watchdog(std::chrono::milliseconds time_max, int descriptor, std::string last_words);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;
};

}  // namespace eic
