#include "host/clock.h"

#include <gtest/gtest.h>

#include <thread>

namespace eic {
namespace {

using std::chrono::milliseconds;

TEST(DeadlineTest, CountsDownToZeroAndStaysThere) {
  const Deadline deadline = Deadline::After(milliseconds(30));
  EXPECT_GT(deadline.TimeLeft().count(), 0);
  EXPECT_LE(deadline.TimeLeft(), milliseconds(30));
  EXPECT_FALSE(deadline.HasPassed());
  std::this_thread::sleep_for(milliseconds(40));
  EXPECT_EQ(deadline.TimeLeft().count(), 0);
  EXPECT_TRUE(deadline.HasPassed());
}

TEST(DeadlineTest, HasPassedWhereNoTimeWasGiven) {
  EXPECT_TRUE(Deadline::After(milliseconds(0)).HasPassed());
  EXPECT_TRUE(Deadline::After(milliseconds(-5000)).HasPassed());
  EXPECT_EQ(Deadline::After(milliseconds(-5000)).TimeLeft().count(), 0);
}

TEST(DeadlineTest, DoesNotFollowAClockThatIsSet) { EXPECT_TRUE(Deadline::Clock::is_steady); }

TEST(WallClockTest, TellsSecondsSinceTheEpoch) {
  const Instant before = Instant(std::time(nullptr));
  const Instant now = WallClockNow();
  EXPECT_GE(now, before);
  EXPECT_LE(now, before + 5);
}

}  // namespace
}  // namespace eic
