// What `enable` refuses rather than loses or overrules, and what it tells.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/admin/support.h"
#include "tests/fakes/needs.h"

namespace eic::admin {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::string kDropInPath(kDropIn);
const std::string kSssd =
    "AuthorizedKeysCommand /usr/bin/sss_ssh_authorizedkeys\n"
    "AuthorizedKeysCommandUser nobody\n";

std::string Replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

TEST(PlanEnable, AnEditedBlockIsNotWrittenAnew) {
  const std::string block(WantedBlock());
  const std::string out = Replaced(block, "\nAuthorized", "\n#Authorized");
  struct Row {
    const char* defect;
    std::string text;
    const char* line;
  };
  const Row kRows[] = {
      {"settings commented out, AllowUsers added",
       Replaced(out, "# END", "AllowUsers alice\n# END"), ":4 is in our block"},
      {"settings commented out", out, ":4 is in our block"},
      {"a comment that somebody needs",
       Replaced(Replaced(block, "\nAuthorizedKeysCommand ", "\n#"), "# END", "# 4711\n# END"),
       ":4 is in our block"},
      {"the settings of SSSD",
       std::string(kBlockBegin) + "\n" + kSssd + std::string(kBlockEnd) + "\n",
       ":2 is in our block"},
  };
  for (const Row& row : kRows) {
    for (const Intent intent : {Intent::kEnable, Intent::kReplace, Intent::kChain}) {
      for (const std::string& file : {kDropInPath, std::string(kMainConfig)}) {
        Host host;
        host.Write(file, row.text);
        const auto files = host.Files();
        const Report report = host.EnableWith({intent});
        EXPECT_EQ(report.status, ExitStatus::kRefused) << row.defect;
        EXPECT_THAT(report.errors, HasSubstr(file + row.line)) << row.defect;
        EXPECT_EQ(host.Files(), files) << row.defect;
      }
    }
  }
}

TEST(PlanEnable, WhatStandsBehindABlockWithoutAnEndStays) {
  Host host;
  host.Write("/etc/ssh/sshd_config",
             std::string(kBlockBegin) + "\nAuthorizedKeysCommandUser ec2-instance-connect\n" +
                 "Port 2222\nAllowUsers alice\n" + std::string(kBlockBegin) + "\n" +
                 std::string(kBlockEnd) + "\nUsePAM yes\n");
  EXPECT_EQ(host.EnableWith().status, ExitStatus::kDone);
  EXPECT_EQ(host.Read("/etc/ssh/sshd_config"),
            std::string(WantedBlock()) + "Port 2222\nAllowUsers alice\nUsePAM yes\n");
}

TEST(PlanEnable, AnExplicitNoneIsSomebodysDecisionWhereverItStands) {
  const std::string kNone = "AuthorizedKeysCommand none\n";
  const std::pair<std::string, std::string> kRows[] = {
      {"/etc/ssh/sshd_config.d/10-x.conf", kNone},
      {"/etc/ssh/sshd_config.d/70-x.conf", kNone},
      {"/etc/ssh/sshd_config", kStockConfig + kNone},
      {"/etc/ssh/sshd_config", kNone + kStockConfig},
      {"/etc/ssh/sshd_config", kStockConfig + "Match all\n" + kNone},
  };
  for (const auto& [file, text] : kRows) {
    Host host;
    host.Write(file, text);
    const auto files = host.Files();
    const Report report = host.EnableWith();
    EXPECT_EQ(report.status, ExitStatus::kRefused) << file << text;
    EXPECT_THAT(report.errors, AllOf(HasSubstr(file + ":"), HasSubstr("none`")));
    EXPECT_EQ(host.Files(), files);
    EXPECT_EQ(host.EnableWith({Intent::kReplace}).status, ExitStatus::kDone) << file << text;
    EXPECT_TRUE(host.Counts().IsWanted());
    EXPECT_EQ(host.DisableWith({true}).status, ExitStatus::kDone);
    EXPECT_EQ(host.Files(), files);
  }
}

TEST(PlanEnable, WhatAMatchBlockHasOfItsOwnIsTold) {
  const std::pair<const char*, const char*> kRows[] = {
      {"Match User root\nAuthorizedKeysCommand none\n",
       "for `Match User root` sshd runs no command for keys, set in /etc/ssh/sshd_config:9"},
      {"Match User bob\nAuthorizedKeysCommandUser nobody\n",
       "for `Match User bob` sshd runs the command as nobody, set in /etc/ssh/sshd_config:9"},
      {"Match User ldap* # c\nAuthorizedKeysCommand /usr/bin/x\nAuthorizedKeysCommandUser a\n",
       "for `Match User ldap*` sshd still runs /usr/bin/x, set in /etc/ssh/sshd_config:9"},
  };
  for (const auto& [block, note] : kRows) {
    Host host;
    host.Write("/etc/ssh/sshd_config", kStockConfig + block);
    const Report report = host.EnableWith();
    EXPECT_EQ(report.status, ExitStatus::kDone);
    EXPECT_EQ(report.errors, std::string("ec2-instance-connect: ") + note + "\n");
  }
}

TEST(PlanEnable, WhatWasSetAsideGoesOnNoLonger) {
  Host host;
  host.Write("/etc/ssh/sshd_config", kStockConfig + "Match ALL\n" + kSssd);
  const Report report = host.EnableWith({Intent::kReplace});
  EXPECT_EQ(report.status, ExitStatus::kDone);
  EXPECT_THAT(report.errors, AllOf(HasSubstr("commented out"), Not(HasSubstr("still runs"))));
}

TEST(PlanEnable, SshdOptsThatGoOnInTheNextLineAreRefusedAsOthersAre) {
  Host host;
  host.Write("/lib/systemd/system/ssh.service", kStockUnit);
  host.Write("/etc/default/ssh",
             "SSHD_OPTS=\"-o LogLevel=VERBOSE \\\n -o AuthorizedKeysCommandUser=nobody"
             " -o AuthorizedKeysCommand=/usr/bin/sss_ssh_authorizedkeys\"\n");
  const Report report = host.EnableWith();
  EXPECT_EQ(report.status, ExitStatus::kRefused);
  EXPECT_THAT(report.errors, HasSubstr("/etc/default/ssh:2 sets AuthorizedKeysCommand"));
}

class PlanEnableReal : public testing::Test {
 protected:
  void SetUp() override { EIC_NEEDS(access("/usr/sbin/sshd", X_OK) == 0, "/usr/sbin/sshd"); }
};

// Whom such a block means only sshd knows.
TEST_F(PlanEnableReal, AMatchBlockThatMeansTheOrdinaryLoginIsNamedAndReplaced) {
  struct Row {
    std::string criteria;
    std::string text;
    const char* says;
  };
  const std::string kNone = "AuthorizedKeysCommand none\n";
  const Row kRows[] = {
      {"Address *,!10.0.0.0/8", kNone, "none`"},
      {"User *,!root", kNone, "none`"},
      {"LocalPort 22", kNone, "none`"},
      {"User *,!root", kSssd, "SSSD"},
      {"User *", "AuthorizedKeysCommandUser nobody\n", "nobody"},
      {"all # c", kSssd, "SSSD"},
      {"all # c", kNone, "none`"},
  };
  for (const Row& row : kRows) {
    const std::string name = row.criteria + " " + row.text;
    Host host;
    host.runner.is_real = true;
    // Another block with the same says nothing for the ordinary login, and keeps it.
    host.Write("/etc/ssh/sshd_config", kStockConfig + "Match User bob\n" + row.text + "Match " +
                                           row.criteria + "\n" + row.text);
    const auto files = host.Files();
    const Report report = host.EnableWith();
    EXPECT_EQ(report.status, ExitStatus::kRefused) << name << report.errors;
    const std::size_t line = row.text == kSssd ? 12 : 11;
    EXPECT_THAT(report.errors,
                AllOf(HasSubstr("/etc/ssh/sshd_config:" + std::to_string(line)),
                      HasSubstr("`Match " + row.criteria.substr(0, row.criteria.find(" #")) + "`"),
                      HasSubstr(row.says)))
        << name;
    EXPECT_EQ(host.Files(), files) << name;

    const Report replaced = host.EnableWith({Intent::kReplace});
    EXPECT_EQ(replaced.status, ExitStatus::kDone) << name << replaced.errors;
    EXPECT_TRUE(host.Counts().IsWanted()) << name;
    EXPECT_THAT(*host.Read("/etc/ssh/sshd_config"), HasSubstr("Match User bob\n" + row.text));
    EXPECT_EQ(host.DisableWith({true}).status, ExitStatus::kDone) << name;
    EXPECT_EQ(host.Files(), files) << name;
  }
}

TEST_F(PlanEnableReal, AFolderAmongTheDropInsIsAnEmptyOne) {
  Host host;
  host.runner.is_real = true;
  std::filesystem::create_directories(host.layout.root + "/etc/ssh/sshd_config.d/20-x.conf");
  const Report report = host.EnableWith();
  EXPECT_EQ(report.status, ExitStatus::kDone) << report.errors;
  EXPECT_EQ(host.DisableWith({true}).status, ExitStatus::kDone);
}

}  // namespace
}  // namespace eic::admin
