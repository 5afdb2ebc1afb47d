// A moment in time. core/ never reads a clock: `now` is an argument.
#pragma once

#include <cstdint>

namespace eic {

// Seconds since 1970-01-01T00:00:00Z without leap seconds (POSIX time_t). It has its own type, so
// that no other number is mistaken for one; spans are plain seconds.
class Instant {
 public:
  constexpr Instant() = default;  // 1970-01-01T00:00:00Z
  constexpr explicit Instant(std::int64_t unix_seconds) : unix_seconds_(unix_seconds) {}

  constexpr std::int64_t unix_seconds() const { return unix_seconds_; }

  friend constexpr Instant operator+(Instant instant, std::int64_t seconds) {
    return Instant(instant.unix_seconds_ + seconds);
  }
  friend constexpr Instant operator-(Instant instant, std::int64_t seconds) {
    return Instant(instant.unix_seconds_ - seconds);
  }
  friend constexpr std::int64_t operator-(Instant one, Instant other) {
    return one.unix_seconds_ - other.unix_seconds_;
  }
  friend constexpr bool operator==(Instant one, Instant other) {
    return one.unix_seconds_ == other.unix_seconds_;
  }
  friend constexpr bool operator!=(Instant one, Instant other) { return !(one == other); }
  friend constexpr bool operator<(Instant one, Instant other) {
    return one.unix_seconds_ < other.unix_seconds_;
  }
  friend constexpr bool operator>(Instant one, Instant other) { return other < one; }
  friend constexpr bool operator<=(Instant one, Instant other) { return !(other < one); }
  friend constexpr bool operator>=(Instant one, Instant other) { return !(one < other); }

 private:
  std::int64_t unix_seconds_ = 0;
};

}  // namespace eic
