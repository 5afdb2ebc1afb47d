// The commands that are eic's own, with a world of the test's.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/time.h>

#include "client/commands/commands.h"
#include "client/commands/help.h"
#include "client/target/resolve.h"
#include "tests/client/fake_outside.h"

namespace eic::client {
namespace {

using eic::fakes::FakeOutside;
using eic::fakes::SampleInstance;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kId = "i-0123456789abcdef0";
constexpr const char* kKey =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

class OwnCommandsTest : public testing::Test {
 protected:
  OwnCommandsTest() { outside_.cloud.instances = {SampleInstance(kId, "web-1")}; }

  int Push(const std::string& key) {
    outside_.cloud.calls.clear();
    outside_.errors.str("");
    outside_.input = key;
    PushOptions options;
    options.word = kId;
    options.os_user = "bob";
    options.public_key_file = "-";
    return RunPushCommand(outside_, options);
  }

  std::string Why() {
    outside_.output.str("");
    EXPECT_EQ(RunWhyCommand(outside_), 0);
    return outside_.output.str();
  }

  void RecordFailureAt(std::time_t seconds) {
    const std::string file = outside_.home.Write("last-failure", "a failure\n");
    const timeval times[] = {{seconds, 0}, {seconds, 0}};
    ASSERT_EQ(utimes(file.c_str(), times), 0);
  }

  FakeOutside outside_;
};

TEST_F(OwnCommandsTest, PushSendsAPublicKey) {
  EXPECT_EQ(Push(std::string(kKey) + " me@here\n"), 0);
  EXPECT_THAT(outside_.cloud.calls, testing::Contains(HasSubstr("Push bob@")));
  EXPECT_THAT(outside_.output.str(), HasSubstr("valid for bob on i-0123456789abcdef0"));
}

TEST_F(OwnCommandsTest, PushSendsNothingElse) {
  const std::string key = kKey;
  const std::pair<const char*, std::string> rows[] = {
      {"empty", " \n"},
      {"a private key", "-----BEGIN OPENSSH PRIVATE KEY-----\n"},
      {"a word", "localhost\n"},
      {"cut", key.substr(0, key.size() - 3)},
      {"the type alone", "ssh-ed25519"},
      {"another type than its bytes say", "ssh-rsa" + key.substr(key.find(' '))},
      {"a type without a key", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5"},
      {"two keys", key + "\n" + key},
  };
  for (const auto& [defect, text] : rows) {
    EXPECT_EQ(Push(text), 64) << defect;
    EXPECT_THAT(outside_.cloud.calls, IsEmpty()) << defect;
    EXPECT_THAT(outside_.errors.str(), HasSubstr("standard input")) << defect;
  }
}

TEST_F(OwnCommandsTest, WhyTellsTheLatestThingFirst) {
  EXPECT_EQ(Why(), "No failure is recorded.\n");
  Remembered known;
  known.os_user = "ec2-user";
  known.last_user = "bob";
  known.image_looks_like = "Amazon Linux 2023";
  Remember(outside_.home.Of("remembered.json"), kId, known);
  RecordFailureAt(1000);
  EXPECT_EQ(Why().find("The latest login: i-0123456789abcdef0 as bob.\nssh took over"), 0U);
  EXPECT_THAT(Why(), HasSubstr("It looks like Amazon Linux 2023, whose default user is ec2-user.\n"
                               "Before that, something else failed:\na failure\n"));
  EXPECT_THAT(Why(), HasSubstr("eic forget i-0123456789abcdef0\n"));
  // A failure behind the login is that login's.
  RecordFailureAt(std::time(nullptr) + 10);
  EXPECT_EQ(Why().find("a failure\nThe latest login: i-0123456789abcdef0 as bob.\nIt looks"), 0U);
  EXPECT_THAT(Why(), Not(HasSubstr("ssh took over")));
}

TEST_F(OwnCommandsTest, ListSaysWhereElseToLook) {
  ListOptions options;
  options.words = {"nothing"};
  EXPECT_EQ(RunListCommand(outside_, options), 0);
  EXPECT_THAT(outside_.output.str(), HasSubstr("No instance's line contains every word"));
}

// `eic scp -r` is scp's: its help names the long forms alone.
TEST_F(OwnCommandsTest, HelpOfScpHasLongOptionsAlone) {
  PrintHelp(outside_, HelpTopic::kScp);
  EXPECT_THAT(outside_.output.str(), HasSubstr("\n      --region REGION      the region"));
  EXPECT_THAT(outside_.output.str(), Not(HasSubstr("  -r")));
  outside_.output.str("");
  PrintHelp(outside_, HelpTopic::kSsh);
  EXPECT_THAT(outside_.output.str(), HasSubstr("\n  -r, --region REGION      the region"));
}

}  // namespace
}  // namespace eic::client
