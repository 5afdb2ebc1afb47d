// The keeper's message to the collector about how a member ended. One message per member, in one
// write.
#pragma once

#include <cstdint>

namespace eic::chain {

struct MemberEnd {
  enum Kind : std::int32_t { kExited, kSignalled, kTimedOut, kNotStarted };

  std::int32_t member = 0;  // its place in the order of the files
  std::int32_t kind = kExited;
  std::int32_t number = 0;  // exit status, signal or errno

  bool IsFine() const { return kind == kExited && number == 0; }
};

}  // namespace eic::chain
