// So many requests in one second, and no more.
#pragma once

#include <cstdint>
#include <mutex>
#include <utility>

#include "emulator/clock.h"

namespace eic::emulator {

class Throttle {
 public:
  // `per_second` 0: no limit.
  Throttle(std::int64_t per_second, Clock clock)
      : per_second_(per_second), clock_(std::move(clock)) {}

  // Counts one more request; false when it is one too many.
  bool Admits() {
    if (per_second_ == 0) return true;
    const std::lock_guard<std::mutex> lock(mutex_);
    const Instant now = clock_();
    if (now != second_) count_ = 0;
    second_ = now;
    return ++count_ <= per_second_;
  }

 private:
  const std::int64_t per_second_;
  const Clock clock_;
  std::mutex mutex_;
  Instant second_;
  std::int64_t count_ = 0;
};

}  // namespace eic::emulator
