#include "emulator/time_text.h"

#include <gtest/gtest.h>

#include "tests/emulator/support.h"

namespace eic::emulator {
namespace {

TEST(TimeText, IsInUtc) {
  EXPECT_EQ(HttpDate(kNow), "Wed, 18 May 2033 03:33:20 GMT");
  EXPECT_EQ(IsoTime(kNow), "2033-05-18T03:33:20Z");
  EXPECT_EQ(HttpDate(Instant()), "Thu, 01 Jan 1970 00:00:00 GMT");
}

}  // namespace
}  // namespace eic::emulator
