#include "client/commands/copy_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/commands/jump_command.h"
#include "tests/client/fake_outside.h"

namespace eic::client {
namespace {

using eic::fakes::FakeOutside;
using eic::fakes::SampleInstance;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kId = "i-0123456789abcdef0";
constexpr const char* kOtherId = "i-0fedcba9876543210";

class CopyCommandTest : public testing::Test {
 protected:
  CopyCommandTest() {
    outside_.cloud.instances = {SampleInstance(kId, "web-1"), SampleInstance(kOtherId, "Db One")};
  }

  int Scp(const std::vector<std::string>& words) {
    return RunCopyCommand(outside_, CopyProgram::kScp, words);
  }
  int Sftp(const std::vector<std::string>& words) {
    return RunCopyCommand(outside_, CopyProgram::kSftp, words);
  }

  FakeOutside outside_;
};

TEST_F(CopyCommandTest, BecomesScpWithEveryHostFound) {
  Scp({"-rp", "bob@web-1:a", "Db One:b", "./c:d", "web-1:e", "to"});
  EXPECT_EQ(outside_.BecameLine(),
            "scp -F FILE -rp bob@web-1:a i-0fedcba9876543210:b ./c:d web-1:e to");
  EXPECT_THAT(outside_.keys, IsEmpty());
  for (const std::string& call : outside_.cloud.calls) EXPECT_THAT(call, Not(HasSubstr("Push")));
  const std::string text = outside_.ConfigText();
  EXPECT_THAT(text, HasSubstr("Host web-1\n  HostName i-0123456789abcdef0\n"));
  EXPECT_THAT(text, HasSubstr("Host i-0fedcba9876543210\n  HostName i-0fedcba9876543210\n"
                              "  HostKeyAlias i-0fedcba9876543210\n  User ec2-user\n"));
  EXPECT_EQ(text.find("Host web-1", text.find("Host web-1") + 1), std::string::npos);
}

TEST_F(CopyCommandTest, BecomesSftp) {
  Sftp({"-b", "batch", "i-0123456789abcdef0.us-west-2:dir"});
  EXPECT_EQ(outside_.BecameLine(), "sftp -F FILE -b batch i-0123456789abcdef0.us-west-2:dir");
  EXPECT_THAT(outside_.ConfigText(), HasSubstr("Host i-0123456789abcdef0.us-west-2\n"
                                               "  HostName i-0123456789abcdef0\n"));
}

TEST_F(CopyCommandTest, HasTheProxyConnectToAGivenHost) {
  Sftp({"-t", kId, "10.9.9.9:x"});
  EXPECT_EQ(outside_.BecameLine(), "sftp -F FILE 10.9.9.9:x");
  EXPECT_THAT(outside_.ConfigText(), HasSubstr("Host 10.9.9.9\n  HostName i-0123456789abcdef0\n"));
  EXPECT_THAT(outside_.ConfigText(), HasSubstr("proxy --to 10.9.9.9 -- "));
}

TEST_F(CopyCommandTest, PassesJumpHostsThroughItsOwnProxy) {
  Scp({"-J", "a,bob@b:2222", "x", "web-1:"});
  EXPECT_EQ(outside_.BecameLine(), "scp -F FILE x web-1:");
  EXPECT_THAT(outside_.ConfigText(),
              HasSubstr("eic jump --to 10.0.0.5 --by a,bob@b:2222 --config "));
  EXPECT_THAT(outside_.ConfigText(), HasSubstr("ProxyUseFdpass no\n"));
  EXPECT_THAT(outside_.ConfigText(), HasSubstr("HostName i-0123456789abcdef0\n"));
}

TEST_F(CopyCommandTest, PassesOnWhatReachesNoInstance) {
  Scp({"-t", "/tmp"});
  EXPECT_EQ(outside_.BecameLine(), "scp -t /tmp");
  Scp({"a", "b"});
  EXPECT_EQ(outside_.BecameLine(), "scp a b");
  EXPECT_THAT(outside_.cloud.calls, IsEmpty());
  EXPECT_EQ(Sftp({}), 64);
  EXPECT_THAT(outside_.errors.str(), HasSubstr("give an instance"));
}

TEST_F(CopyCommandTest, ScpWithoutADestinationIsWrongUsage) {
  EXPECT_EQ(Scp({}), 64);
  EXPECT_EQ(Scp({"-r", "web-1:a"}), 64);
  EXPECT_THAT(outside_.errors.str(), HasSubstr("give a source and a destination"));
  EXPECT_THAT(outside_.cloud.calls, IsEmpty());
}

TEST_F(CopyCommandTest, SaysWhyAndHowItEnds) {
  EXPECT_EQ(Scp({"a", "nothing:"}), 1);
  EXPECT_THAT(outside_.errors.str(), HasSubstr("is named nothing"));
  EXPECT_EQ(Scp({"--nothing"}), 64);
  outside_.answers["ssh -G -- bad"] = {255, "", "hostname contains invalid characters\n"};
  EXPECT_EQ(Scp({"a", "bad:"}), 1);
  EXPECT_THAT(outside_.errors.str(), HasSubstr("invalid characters"));
}

TEST(JumpCommand, GoesByWayOfEveryHost) {
  JumpOptions options;
  options.route = {"10.0.0.5", "a,bob@b:2222", "/f"};
  options.port = "22";
  EXPECT_EQ(FakeOutside::Joined(JumpLine(options)),
            "ssh -F /f -J a -W [10.0.0.5]:22 -- ssh://bob@b:2222");
  options.route.jump = "ssh://a:1";
  EXPECT_EQ(FakeOutside::Joined(JumpLine(options)), "ssh -F /f -W [10.0.0.5]:22 -- ssh://a:1");
}

TEST(JumpCommand, PushesForTheSshThatRunsIt) {
  FakeOutside outside;
  JumpOptions options;
  options.route = {"10.0.0.5", "a", "/f"};
  options.instance_id = kId;
  options.os_user = "ubuntu";
  options.port = "22";
  RunJumpCommand(outside, options);
  EXPECT_THAT(outside.cloud.calls,
              ElementsAre("Push ubuntu@i-0123456789abcdef0 ssh-ed25519 KEY1 "));
  EXPECT_EQ(outside.keys[0].ssh_pid, 4241);
  EXPECT_THAT(outside.events, ElementsAre("pushed 4241", "became ssh"));
  outside.cloud.push_fails = aws::Failure{"AccessDeniedException", "no"};
  EXPECT_EQ(RunJumpCommand(outside, options), 1);
  EXPECT_THAT(outside.events, testing::Contains("dropped 4241"));
}

}  // namespace
}  // namespace eic::client
