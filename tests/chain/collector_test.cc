#include "chain/collector.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>

#include "chain/member_end.h"

namespace eic::chain {
namespace {

using std::chrono::milliseconds;

// Members as pipes, whose other ends the test holds; the keeper likewise.
class CollectorTest : public testing::Test {
 protected:
  CollectorTest() { keeper_ = Open(); }
  ~CollectorTest() override {
    for (const int descriptor : open_) close(descriptor);
    close(keeper_[0]);
  }

  static std::array<int, 2> Open() {
    std::array<int, 2> ends{};
    EXPECT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
    return ends;
  }

  // A member that has printed `text`, and goes on if it `stays`.
  void Add(const std::string& text, bool stays = false, int time_ms = 5000) {
    const std::array<int, 2> ends = Open();
    EXPECT_EQ(write(ends[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
    if (stays) open_.push_back(ends[1]);
    if (!stays) close(ends[1]);
    sources_.push_back(
        {"m" + std::to_string(sources_.size()), ends[0], Deadline::After(milliseconds(time_ms))});
  }

  void Say(int member, std::int32_t kind = MemberEnd::kExited, int number = 0) {
    const MemberEnd end{member, kind, number};
    EXPECT_EQ(write(keeper_[1], &end, sizeof(end)), static_cast<ssize_t>(sizeof(end)));
  }

  std::optional<std::vector<Collected>> Run() { return Collect(sources_, keeper_[0]); }

  // `LINES|REASON DETAIL`, a member each.
  std::string Told() {
    const auto collected = Run();
    if (!collected) return "nothing";
    std::string text;
    for (const Collected& one : *collected) {
      text += one.lines + "|" + one.why_void + " " + one.detail + "\n";
    }
    return text;
  }

  std::array<int, 2> keeper_{};
  std::vector<int> open_;
  std::vector<Source> sources_;
};

TEST_F(CollectorTest, GivesLinesInTheOrderOfTheMembers) {
  Add("a\n");
  Add("");
  Add("b\nc\n");
  for (const int member : {2, 1, 0}) Say(member);
  const auto collected = Run();
  ASSERT_TRUE(collected);
  EXPECT_EQ(AllLines(*collected), "a\nb\nc\n");
  EXPECT_EQ(collected->at(2).name, "m2");
}

TEST_F(CollectorTest, VoidsOneMemberAlone) {
  const struct {
    std::int32_t kind;
    int number;
    const char* told;
  } rows[] = {
      {MemberEnd::kExited, 1, "a\n| \n|exit-status 1\nc\n| \n"},
      {MemberEnd::kExited, 126, "a\n| \n|user-not-become 126\nc\n| \n"},
      {MemberEnd::kExited, 127, "a\n| \n|not-executed 127\nc\n| \n"},
      {MemberEnd::kSignalled, 9, "a\n| \n|signal 9\nc\n| \n"},
      {MemberEnd::kTimedOut, 0, "a\n| \n|timeout \nc\n| \n"},
      {MemberEnd::kNotStarted, 11, "a\n| \n|not-started 11\nc\n| \n"},
  };
  for (const auto& row : rows) {
    sources_.clear();
    for (const char* text : {"a\n", "b\n", "c\n"}) Add(text);
    Say(0);
    Say(1, row.kind, row.number);
    Say(2);
    EXPECT_EQ(Told(), row.told);
  }
}

TEST_F(CollectorTest, WaitsForTheStatusAfterTheOutput) {
  Add("a\n", false, 30);
  EXPECT_EQ(Told(), "|timeout \n");
}

TEST_F(CollectorTest, WaitsForTheOutputAfterTheStatus) {
  Add("a\n", true, 30);
  Add("b\n");
  Say(0);
  Say(1);
  EXPECT_EQ(Told(), "|timeout \nb\n| \n");
}

TEST_F(CollectorTest, DoesNotWaitForWhoIsVoid) {
  Add(std::string("\0", 1), true, 60000);
  EXPECT_EQ(Told(), "|nul-byte \n");
}

TEST_F(CollectorTest, GivesNothingWithoutItsKeeper) {
  Add("a\n");
  Add("b\n", true);
  Say(0);
  close(keeper_[1]);
  EXPECT_EQ(Told(), "nothing");
}

TEST_F(CollectorTest, IgnoresAMessageAboutNobody) {
  Add("a\n");
  Say(7);
  Say(-1);
  Say(0);
  EXPECT_EQ(Told(), "a\n| \n");
}

TEST(CollectorText, ForTheLogAndForPeople) {
  const Collected good{"10-a", "x\ny\n", "", "", milliseconds(12)};
  const Collected bad{"20-b", "", "exit-status", "3", milliseconds(4)};
  EXPECT_EQ(VoidLine(bad),
            "eic-chain: nothing of member \"20-b\" counts: reason=exit-status detail=\"3\"");
  EXPECT_EQ(Timings({good, bad}), "10-a 12 ok 2\n20-b 4 exit-status 0\n");
}

}  // namespace
}  // namespace eic::chain
