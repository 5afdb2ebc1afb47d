#include "emulator/event_log.h"

#include <utility>

#include "emulator/limits.h"

namespace eic::emulator {

void EventLog::Add(Event event) {
  for (std::string* text : {&event.method, &event.path, &event.action}) {
    if (text->size() > kEventTextBytesMax) text->resize(kEventTextBytesMax);
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  events_.push_back(std::move(event));
  if (events_.size() > kEventsMax) events_.pop_front();
}

std::vector<Event> EventLog::Recent() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return std::vector<Event>(events_.begin(), events_.end());
}

}  // namespace eic::emulator
