// The same with the sshd of this machine, on files of a temporary folder.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "admin/sshd/match_connection.h"
#include "admin/sshd/setting_in_force.h"
#include "tests/admin/support.h"
#include "tests/fakes/needs.h"

namespace eic::admin {
namespace {

using testing::AnyOf;
using testing::HasSubstr;

class RealSshd : public testing::Test {
 protected:
  void SetUp() override {
    EIC_NEEDS(access("/usr/sbin/sshd", X_OK) == 0, "/usr/sbin/sshd");
    host.UseRealSshd();
  }

  Effective CountsFor(const Connection& connection) {
    Sshd sshd(host.layout, host.runner, host.files);
    const Outcome<Effective> effective = sshd.Ask(Tree(host.layout), {}, connection);
    return effective ? *effective : Effective{"?", effective.error().text};
  }

  Host host;
};

TEST_F(RealSshd, EnableAndDisableWithoutAnyHostKey) {
  host.Write("/etc/ssh/sshd_config", "HostKey " + host.layout.root + "/none\n" + kStockConfig);
  const auto files = host.Files();
  const Report report = host.EnableWith();
  EXPECT_EQ(report.status, ExitStatus::kDone) << report.errors;
  EXPECT_TRUE(CountsFor(OrdinaryConnection()).IsWanted());
  EXPECT_EQ(host.DisableWith({true}).status, ExitStatus::kDone);
  EXPECT_EQ(host.Files(), files);
}

TEST_F(RealSshd, WithoutIncludeAndWithMatchBlocks) {
  const std::string config = "Port 22\r\nMatch User bob\r\n  X11Forwarding no\r\nMatch all";
  host.Write("/etc/ssh/sshd_config", config);
  EXPECT_EQ(host.EnableWith().status, ExitStatus::kDone);
  EXPECT_TRUE(CountsFor(OrdinaryConnection()).IsWanted());
  EXPECT_TRUE(CountsFor(*ConnectionFor(SplitMatchWords("User bob"))).IsWanted());
  host.DisableWith({true});
  EXPECT_EQ(host.Read("/etc/ssh/sshd_config"), config);
}

TEST_F(RealSshd, TheStageKeepsTheBordersOfMatchBlocks) {
  host.Write("/etc/ssh/sshd_config.d/10-a.conf",
             "Match User bob\nAuthorizedKeysCommand /usr/bin/b\nAuthorizedKeysCommandUser root\n");
  host.Write("/etc/ssh/sshd_config.d/20-b.conf",
             "AuthorizedKeysCommand /usr/bin/a\nAuthorizedKeysCommandUser nobody\n");
  EXPECT_EQ(CountsFor(OrdinaryConnection()).command, "/usr/bin/a");
  EXPECT_EQ(CountsFor(*ConnectionFor(SplitMatchWords("User bob"))).command, "/usr/bin/b");
  EXPECT_EQ(host.EnableWith().status, ExitStatus::kRefused);
  EXPECT_EQ(host.EnableWith({Intent::kReplace}).status, ExitStatus::kDone);
  EXPECT_TRUE(CountsFor(OrdinaryConnection()).IsWanted());
  EXPECT_EQ(CountsFor(*ConnectionFor(SplitMatchWords("User bob"))).command, "/usr/bin/b");
  const auto json = nlohmann::json::parse(Status(host.outside(), {true}).output);
  EXPECT_EQ(json["match"][0]["command"], "/usr/bin/b");
}

TEST_F(RealSshd, AmongManyMatchBlocksTheOneInForceIsFoundByHalves) {
  constexpr int kBlocks = 64;
  constexpr int kInForce = 40;
  std::string text = kStockConfig;
  for (int i = 0; i < kBlocks; ++i) {
    text += std::string("Match User *,!") + (i < kInForce ? "eic-nobody-in-particular" : "root") +
            "\n  AuthorizedKeysCommand /usr/bin/a\n  AuthorizedKeysCommandUser nobody\n";
  }
  host.Write("/etc/ssh/sshd_config", text);
  Sshd sshd(host.layout, host.runner, host.files);
  const std::optional<Setting> found =
      SettingInForce(sshd, Tree(host.layout), {}, Setting::Keyword::kCommand, "/usr/bin/a");
  ASSERT_TRUE(found);
  const std::size_t at = text.find("Match User *,!root\n");
  const auto lines_before =
      std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
  EXPECT_EQ(found->place.line, static_cast<std::size_t>(lines_before) + 2);
  // 50 ms each, of two seconds; the first may ask for a host key.
  EXPECT_LE(host.runner.sshd_runs, 20);
}

TEST_F(RealSshd, TheReaderAgreesWithSshd) {
  const std::string kConfigs[] = {
      "AuthorizedKeysCommand /a %u # x\nAuthorizedKeysCommandUser \"nobody\" # x\n",
      "AuthorizedKeysCommandUser=root\nauthorizedkeyscommand\t/a\n",
      "AuthorizedKeysCommand none\nAuthorizedKeysCommand /a\nAuthorizedKeysCommandUser x\n",
      "Match User nobody\nAuthorizedKeysCommand /b\nMatch all\nAuthorizedKeysCommand /a\n"
      "AuthorizedKeysCommandUser root\n",
  };
  for (const std::string& config : kConfigs) {
    host.Write("/etc/ssh/sshd_config", config);
    const SshdConfig read = ReadSshdConfig(Tree(host.layout), "/etc/ssh/sshd_config");
    const Effective told = CountsFor(OrdinaryConnection());
    std::string command = WinningSetting(read, Setting::Keyword::kCommand)->value;
    if (command == "none") command.clear();
    // Releases differ in whether a comment behind a command is a part of it.
    EXPECT_THAT(told.command, AnyOf(command, command.substr(0, command.find(" #")))) << config;
    EXPECT_EQ(WinningSetting(read, Setting::Keyword::kUser)->value, told.user) << config;
  }
}

TEST_F(RealSshd, ABrokenConfigurationIsLeftAsItIs) {
  host.Write("/etc/ssh/sshd_config", kStockConfig + "NoSuchKeyword yes\n");
  const auto files = host.Files();
  const Report report = host.EnableWith();
  EXPECT_EQ(report.status, ExitStatus::kFailed);
  EXPECT_THAT(report.errors, HasSubstr("sshd rejects its current configuration"));
  EXPECT_EQ(host.Files(), files);
}

TEST_F(RealSshd, OptionsOfTheDaemonCount) {
  host.Boot(
      "/usr/sbin/sshd -D -o AuthorizedKeysCommand /usr/bin/x %u -o "
      "AuthorizedKeysCommandUser nobody");
  const auto json = nlohmann::json::parse(Status(host.outside(), {true}).output);
  EXPECT_EQ(json["command"]["value"], "/usr/bin/x %u");
  EXPECT_EQ(json["owner"], "other");
  EXPECT_EQ(host.EnableWith().status, ExitStatus::kRefused);
}

TEST_F(RealSshd, TheStageIsCleanedUp) {
  host.EnableWith();
  for (const auto& entry :
       std::filesystem::directory_iterator(host.layout.root + "/var/lib/ec2-instance-connect")) {
    EXPECT_EQ(entry.path().filename(), "lock");
  }
}

TEST_F(RealSshd, AStageThatIsInUseIsLeftAlone) {
  const std::string state = host.layout.root + "/var/lib/ec2-instance-connect";
  {
    Sshd status(host.layout, host.runner, host.files);
    ASSERT_TRUE(status.Ask(Tree(host.layout), {}, OrdinaryConnection()));
    std::filesystem::create_directory(state + "/stage.killed");
    Sshd::RemoveStaleStages(host.layout);
    EXPECT_FALSE(std::filesystem::exists(state + "/stage.killed"));
    EXPECT_FALSE(std::filesystem::is_empty(state));
    EXPECT_TRUE(status.Ask(Tree(host.layout), {}, OrdinaryConnection()));
  }
  EXPECT_TRUE(std::filesystem::is_empty(state));
}

TEST_F(RealSshd, TheProgramItselfOnATree) {
  const std::unique_ptr<ProgramRunner> runner = MakeProgramRunner();
  const auto run = [&](const std::vector<std::string>& words) {
    std::vector<std::string> argv = {EIC_ADMIN, "--root", host.layout.root, "--sshd",
                                     "/usr/sbin/sshd"};
    argv.insert(argv.end(), words.begin(), words.end());
    return runner->Run(argv, std::chrono::seconds(60));
  };
  EXPECT_EQ(run({"enable"}).status, 0);
  EXPECT_THAT(run({"status"}).output, HasSubstr("EC2 Instance Connect: enabled"));
  EXPECT_EQ(run({"disable"}).status, 0);
  EXPECT_EQ(run({"enable", "--if-not-disabled"}).status, 0);
  EXPECT_THAT(run({"status"}).output, HasSubstr("EC2 Instance Connect: disabled"));
  host.Write("/etc/ssh/sshd_config.d/10-a.conf",
             "AuthorizedKeysCommand /usr/bin/other\nAuthorizedKeysCommandUser nobody\n");
  EXPECT_EQ(run({"enable"}).status, 1);
  EXPECT_EQ(run({"fly"}).status, 64);
}

}  // namespace
}  // namespace eic::admin
