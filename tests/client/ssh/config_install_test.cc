#include "client/ssh/config_install.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <optional>

#include "aws/system/files.h"
#include "client/ssh/config_text.h"
#include "tests/fakes/needs.h"
#include "tests/fakes/temp_folder.h"

namespace eic::client {
namespace {

namespace fs = std::filesystem;
using eic::fakes::TempFolder;
using testing::HasSubstr;

constexpr std::size_t kBytesMax = 1 << 20;

// A home with a .ssh, and the ssh of this machine, which is told to read it.
class ConfigInstall : public testing::Test {
 protected:
  void SetUp() override {
    const auto version = AskSshVersion();
    EIC_NEEDS(version.ok(), "ssh");
    spec_.version = *version;
    fs::create_directories(folder_.Of("eic"));
    spec_.folder.path = folder_.Of("eic");
    spec_.proxy_command = {"/usr/bin/eic", "proxy", "--", "%h", "%p", "%r"};
    fs::create_directories(place_.ssh_folder);
  }

  void Put(const std::string& text) {
    folder_.Write(".ssh/config", text);
    fs::permissions(place_.config_file, fs::perms(0640));
  }

  std::string Config() const {
    const auto text = LoadFile(place_.config_file, kBytesMax);
    return text ? *text : text.error().code;
  }

  aws::Outcome<Ran> Ask(const std::string& host) const {
    const bool exists = fs::exists(place_.config_file);
    return RunSsh({"ssh", "-F", exists ? place_.config_file : "none", "-G", host});
  }

  aws::Outcome<ConfigReport> Install(bool goes_first = false) {
    return InstallConfig(place_, spec_, goes_first,
                         [this](const std::string& host) { return Ask(host); });
  }

  std::string SettingOf(const std::string& host, const std::string& name) const {
    const auto ran = Ask(host);
    const std::string output = ran ? ran->output : "";
    const std::size_t at = ("\n" + output).find("\n" + name + " ");
    if (at == std::string::npos) return "";
    const std::size_t begin = at + name.size() + 1;
    return output.substr(begin, output.find('\n', begin) - begin);
  }

  // Installs into `text`, sees that it counts, and takes it back.
  void HoldRoundTrip(const std::string& text) {
    Put(text);
    const auto report = Install();
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_TRUE(report->has_changed);
    EXPECT_EQ(SettingOf("i-0123abcd", "identityagent"), spec_.folder.AgentSocket());
    const std::string installed = Config();
    const auto again = Install();
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_FALSE(again->has_changed);
    EXPECT_EQ(Config(), installed);
    EXPECT_EQ(*LoadFile(place_.config_file + ".before-eic", kBytesMax), text);
    const auto removed = RemoveConfig(place_, spec_.folder);
    ASSERT_TRUE(removed) << removed.error().message;
    EXPECT_TRUE(removed->has_changed);
    EXPECT_EQ(Config(), text);
    EXPECT_FALSE(fs::exists(spec_.folder.SshConfig()));
    EXPECT_EQ(fs::status(place_.config_file).permissions(), fs::perms(0640));
    const auto nothing = RemoveConfig(place_, spec_.folder);
    ASSERT_TRUE(nothing);
    EXPECT_FALSE(nothing->has_changed);
  }

  const TempFolder folder_;
  const ConfigPlace place_{folder_.Of(".ssh"), folder_.Of(".ssh/config")};
  BlockSpec spec_;
};

TEST_F(ConfigInstall, IsTakenBackByteForByte) {
  const char* texts[] = {
      "",
      "\n\n",
      "# a comment alone",
      "ServerAliveInterval 30\n",
      "Host web\n  HostName 192.0.2.1\n",
      "Host web\n  HostName 192.0.2.1",
      "Host web\r\n  HostName 192.0.2.1\r\n",
      "Host web\r\n  HostName 192.0.2.1",
      "Host web\n  User a\n\n# for all\nHost *\n  IdentityAgent /x\n",
      "Host=*\n  IdentityAgent /x\n",
      "Match all\n  ProxyCommand nc %h %p\n",
      "Match originalhost web\n  User a\nMatch host \"*\"\n  IdentitiesOnly yes",
      "Host web\n  User a\n\tHost *\n\tIdentityAgent /x\n",
  };
  for (const char* text : texts) {
    SCOPED_TRACE(text);
    HoldRoundTrip(text);
  }
}

TEST_F(ConfigInstall, MakesAMissingFileAndTakesItAway) {
  fs::remove_all(place_.ssh_folder);
  const auto report = Install();
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(fs::status(place_.config_file).permissions(), fs::perms(0600));
  EXPECT_EQ(fs::status(place_.ssh_folder).permissions(), fs::perms(0700));
  ASSERT_TRUE(Install());
  ASSERT_TRUE(RemoveConfig(place_, spec_.folder));
  EXPECT_EQ(Config(), "NoFile");
}

TEST_F(ConfigInstall, KeepsWhatWasAddedSince) {
  fs::remove(place_.config_file);
  ASSERT_TRUE(Install());
  folder_.Write(".ssh/config", Config() + "Host web\n  User a\n");
  ASSERT_TRUE(RemoveConfig(place_, spec_.folder));
  EXPECT_EQ(Config(), "Host web\n  User a\n");

  Put("Host web\n  User a");
  ASSERT_TRUE(Install());
  folder_.Write(".ssh/config", Config() + "Host db\n");
  ASSERT_TRUE(RemoveConfig(place_, spec_.folder));
  EXPECT_EQ(Config(), "Host web\n  User a\nHost db\n");
}

TEST_F(ConfigInstall, LeavesAliasesBeforeItAndDefaultsBehindIt) {
  Put("Host web\n  HostName i-0123abcd\n  User ubuntu\nHost *\n  IdentityAgent /x\n  User me\n");
  ASSERT_TRUE(Install());
  EXPECT_EQ(SettingOf("web", "identityagent"), spec_.folder.AgentSocket());
  EXPECT_EQ(SettingOf("web", "user"), "ubuntu");
  EXPECT_EQ(SettingOf("i-0123abcd", "user"), "ec2-user");
  EXPECT_EQ(SettingOf("db", "identityagent"), "/x");
  EXPECT_EQ(SettingOf("db", "user"), "me");
}

TEST_F(ConfigInstall, FollowsLinksAndKeepsThem) {
  const std::string target = folder_.Write("dotfiles/ssh_config", "Host web\n  User a\n");
  fs::create_symlink("../dotfiles/ssh_config", place_.config_file);
  ASSERT_TRUE(Install());
  EXPECT_TRUE(fs::is_symlink(place_.config_file));
  EXPECT_THAT(*LoadFile(target, kBytesMax), HasSubstr("Include"));
  ASSERT_TRUE(RemoveConfig(place_, spec_.folder));
  EXPECT_TRUE(fs::is_symlink(place_.config_file));
  EXPECT_EQ(*LoadFile(target, kBytesMax), "Host web\n  User a\n");
  fs::remove(target);
  EXPECT_EQ(Install().error().code, "BadFile");
}

TEST_F(ConfigInstall, KeepsTheOwner) {
  EIC_NEEDS(geteuid() == 0, "root");
  Put("Host web\n");
  ASSERT_EQ(chown(place_.config_file.c_str(), 0, 12345), 0);
  ASSERT_TRUE(Install());
  struct stat found {};
  ASSERT_EQ(stat(place_.config_file.c_str(), &found), 0);
  EXPECT_EQ(found.st_gid, 12345U);
  ASSERT_EQ(chown(place_.config_file.c_str(), 12345, 12345), 0);
  const auto others = Install();
  ASSERT_FALSE(others);
  EXPECT_THAT(others.error().message, HasSubstr("belongs to another user"));
}

TEST_F(ConfigInstall, ChangesNoFileThatSshRefuses) {
  Put("Host web\n");
  fs::permissions(place_.config_file, fs::perms(0666));
  const auto writable = Install();
  ASSERT_FALSE(writable);
  EXPECT_THAT(writable.error().message, HasSubstr("can be written by others"));
  EXPECT_EQ(Config(), "Host web\n");

  Put("Host web\n  NoSuchSetting yes\n");
  const auto broken = Install();
  ASSERT_FALSE(broken);
  EXPECT_THAT(broken.error().message, HasSubstr("nosuchsetting"));
  EXPECT_EQ(Config(), "Host web\n  NoSuchSetting yes\n");

  fs::remove(place_.config_file);
  fs::create_directory(place_.config_file);
  EXPECT_FALSE(Install());
}

TEST_F(ConfigInstall, MovesAboveASettingForEveryHost) {
  Put("# mine\nIdentityAgent /x\nHost web\n  User a\n");
  const auto report = Install();
  ASSERT_TRUE(report) << report.error().message;
  ASSERT_EQ(report->notes.size(), 1U);
  EXPECT_THAT(report->notes[0], HasSubstr("IdentityAgent /x"));
  EXPECT_EQ(Config().rfind("# >>> eic", 0), 0U);
  EXPECT_EQ(SettingOf("i-0123abcd", "identityagent"), spec_.folder.AgentSocket());
  EXPECT_EQ(SettingOf("web", "identityagent"), "/x");
  ASSERT_TRUE(RemoveConfig(place_, spec_.folder));
  EXPECT_EQ(Config(), "# mine\nIdentityAgent /x\nHost web\n  User a\n");
}

TEST_F(ConfigInstall, OverrulesNoDecisionAboutInstances) {
  const std::string text = "Host i-*\n  ProxyCommand aws ssm start-session --target %h\n";
  Put(text);
  const auto report = Install();
  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().message, HasSubstr(place_.config_file + ":2 says: ProxyCommand aws"));
  EXPECT_EQ(Config(), text);
  ASSERT_TRUE(Install(/*goes_first=*/true));
  EXPECT_THAT(SettingOf("i-0123abcd", "proxycommand"), HasSubstr("/usr/bin/eic"));
}

TEST_F(ConfigInstall, PutsBackWhatAnIncludedFileSpoils) {
  const std::string other = folder_.Write("other", "IdentityAgent /x\n");
  const std::string text = "Include " + other + "\n";
  Put(text);
  const auto report = Install();
  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().message, HasSubstr("includes"));
  EXPECT_EQ(Config(), text);
}

TEST_F(ConfigInstall, TellsOfWhatIsAnotherWay) {
  Put("User me\nUserKnownHostsFile /x\n");
  const auto report = Install();
  ASSERT_TRUE(report) << report.error().message;
  ASSERT_EQ(report->notes.size(), 2U);
  EXPECT_THAT(report->notes[0], HasSubstr("is me"));
  EXPECT_THAT(report->notes[1], HasSubstr("UserKnownHostsFile"));
}

TEST(WithoutBlock, WantsItsEnd) {
  const std::string text = WithBlock("Host web\n", "/x", Where::kBeforeDefaults, false);
  const auto cut = WithoutBlock(text.substr(0, text.find("# <<<")));
  ASSERT_FALSE(cut);
  EXPECT_THAT(cut.error().message, HasSubstr("line 2"));
}

}  // namespace
}  // namespace eic::client
