// What was asked of the emulator lately and what it answered, for tests and curious people.
// Thread-safe; the oldest events give way to new ones.
#pragma once

#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "core/instant.h"

namespace eic::emulator {

struct Event {
  Instant time;
  std::string kind;         // "metadata", "container" or "api"
  std::string instance_id;  // of "metadata"
  std::string method;
  std::string path;         // raw; both cut at kEventTextBytesMax
  int status = 0;           // 0: a fault wrote something else
  std::string fault = {};   // the fault that it met, or nothing
  std::string note = {};    // what a person may want to know
  std::string action = {};  // of "api": the call, `DescribeInstances`; cut as well
  std::string caller = {};  // and who made it, an ARN
};

class EventLog {
 public:
  void Add(Event event);
  std::vector<Event> Recent() const;  // oldest first

 private:
  mutable std::mutex mutex_;
  std::deque<Event> events_;
};

}  // namespace eic::emulator
