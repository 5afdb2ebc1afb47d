#include "emulator/event_log.h"

#include <gtest/gtest.h>

#include "emulator/limits.h"

namespace eic::emulator {
namespace {

TEST(EventLog, TheOldestGiveWay) {
  EventLog log;
  for (std::size_t i = 0; i < kEventsMax + 2; ++i) {
    log.Add({Instant(static_cast<std::int64_t>(i)), "api", "i", "POST", "/", 200});
  }
  const std::vector<Event> events = log.Recent();
  ASSERT_EQ(events.size(), kEventsMax);
  EXPECT_EQ(events.front().time, Instant(2));
  EXPECT_EQ(events.back().time, Instant(static_cast<std::int64_t>(kEventsMax + 1)));
}

TEST(EventLog, LongMethodsAndPathsAreCut) {
  EventLog log;
  log.Add({Instant(), "metadata", "i", std::string(10000, 'X'), std::string(10000, 'x'), 404});
  EXPECT_EQ(log.Recent()[0].method.size(), kEventTextBytesMax);
  EXPECT_EQ(log.Recent()[0].path.size(), kEventTextBytesMax);
}

}  // namespace
}  // namespace eic::emulator
