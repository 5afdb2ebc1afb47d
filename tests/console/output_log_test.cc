#include "console/front/output_log.h"

#include <gtest/gtest.h>

#include "console/limits.h"

namespace eic::console {
namespace {

TEST(OutputLog, GivesFromAnyPositionOn) {
  OutputLog log;
  log.Append("hello ");
  log.Append("world");
  EXPECT_EQ(log.Read(0, 100), "hello world");
  EXPECT_EQ(log.Read(6, 3), "wor");
  EXPECT_EQ(log.Read(11, 3), "");
  EXPECT_EQ(log.Read(99, 3), "");
  EXPECT_EQ(log.end(), 11U);
}

TEST(OutputLog, KeepsTheLastOfWhatIsAcknowledged) {
  OutputLog log;
  std::string all;
  std::uint64_t written = 0;
  for (int round = 0; round < 200; ++round) {
    std::string part(10000, static_cast<char>('a' + round % 26));
    part[0] = '\n';
    log.Append(part);
    all += part;
    written += 9000;
    log.Acknowledge(written);
    ASSERT_LE(log.begin(), written - std::min<std::uint64_t>(written, kOutputKeptBytes));
    ASSERT_EQ(log.Read(log.begin(), all.size()), std::string_view(all).substr(log.begin()));
  }
  EXPECT_EQ(log.end(), all.size());
  EXPECT_EQ(log.begin(), written - kOutputKeptBytes);
  EXPECT_EQ(log.acknowledged(), written);
}

TEST(OutputLog, AnAcknowledgementThatCannotBeChangesNothing) {
  OutputLog log;
  log.Append("0123456789");
  log.Acknowledge(5);
  log.Acknowledge(4);
  log.Acknowledge(11);
  log.Acknowledge(UINT64_MAX);
  EXPECT_EQ(log.acknowledged(), 5U);
  EXPECT_EQ(log.Read(0, 100), "0123456789");
}

}  // namespace
}  // namespace eic::console
