#include "aws/time_text.h"

#include <gtest/gtest.h>

namespace eic::aws {
namespace {

constexpr Instant kTime(1893553445);  // 2030-01-02T03:04:05Z

TEST(ParseIsoTime, TakesTheFormsThatAwsWrites) {
  for (const char* text :
       {"2030-01-02T03:04:05Z", "2030-01-02T03:04:05UTC", "2030-01-02T03:04:05.678Z",
        "2030-01-02T03:04:05+00:00", "2030-01-02T05:04:05+0200", "2030-01-01T22:34:05-04:30"}) {
    EXPECT_EQ(ParseIsoTime(text).value_or(Instant()), kTime) << text;
  }
  EXPECT_EQ(IsoTime(kTime), "2030-01-02T03:04:05Z");
}

TEST(ParseIsoTime, RefusesEverythingElse) {
  const std::pair<const char*, const char*> rows[] = {
      {"empty", ""},
      {"no zone", "2030-01-02T03:04:05"},
      {"date alone", "2030-01-02"},
      {"no such day", "2030-02-30T03:04:05Z"},
      {"no such month", "2030-13-02T03:04:05Z"},
      {"no such hour", "2030-01-02T24:04:05Z"},
      {"no such minute", "2030-01-02T03:60:05Z"},
      {"text behind it", "2030-01-02T03:04:05Zx"},
      {"blank before it", " 2030-01-02T03:04:05Z"},
      {"sign in a number", "2030-+1-02T03:04:05Z"},
      {"half a zone", "2030-01-02T03:04:05+1"},
  };
  for (const auto& [name, text] : rows) EXPECT_FALSE(ParseIsoTime(text)) << name;
}

TEST(ParseHttpDate, TakesThePreferredFormAlone) {
  EXPECT_EQ(ParseHttpDate("Wed, 02 Jan 2030 03:04:05 GMT").value_or(Instant()), kTime);
  const std::pair<const char*, const char*> rows[] = {
      {"empty", ""},
      {"RFC 850", "Wednesday, 02-Jan-30 03:04:05 GMT"},
      {"asctime", "Wed Jan  2 03:04:05 2030"},
      {"no such month", "Wed, 02 Foo 2030 03:04:05 GMT"},
      {"month across two names", "Wed, 02 anF 2030 03:04:05 GMT"},
      {"another zone", "Wed, 02 Jan 2030 03:04:05 CET"},
      {"no such day", "Wed, 32 Jan 2030 03:04:05 GMT"},
  };
  for (const auto& [name, text] : rows) EXPECT_FALSE(ParseHttpDate(text)) << name;
}

}  // namespace
}  // namespace eic::aws
