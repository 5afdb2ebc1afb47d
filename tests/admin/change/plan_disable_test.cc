// What `disable` keeps of what somebody else wrote, and where.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/admin/support.h"

namespace eic::admin {
namespace {

using testing::HasSubstr;

const std::string kDropInPath(kDropIn);
const std::string kFolder = "/etc/ssh/sshd_config.d/";
const std::string kSaved = kFolder + ".60-ec2-instance-connect.conf.saved";

// Our block, with a line of somebody else's.
std::string Edited(const std::string& line) {
  std::string text(WantedBlock());
  return text.insert(text.find("# END"), line + "\n");
}

TEST(PlanDisable, LinesOfOthersInTheBlockStayInForce) {
  Host host;
  const std::string text = Edited("AllowUsers alice");
  host.Write(kDropInPath, text);
  const Report report = host.DisableWith({true});
  EXPECT_EQ(report.status, ExitStatus::kDone) << report.errors;
  EXPECT_EQ(host.Read(kDropInPath), "AllowUsers alice\n");
  EXPECT_EQ(host.Read(kSaved), text);
  EXPECT_THAT(report.errors, HasSubstr("kept as " + kSaved));
}

TEST(PlanDisable, AnEditIsSavedUnderANameThatIsNobodys) {
  Host host;
  host.Write(kSaved, "my own\n");
  host.Write(kSaved + ".1", "mine, too\n");
  const std::string text = Edited("# ticket 4711");
  host.Write(kDropInPath, text);
  const Report report = host.DisableWith({true});
  EXPECT_EQ(report.status, ExitStatus::kDone) << report.errors;
  EXPECT_EQ(host.Read(kSaved), "my own\n");
  EXPECT_EQ(host.Read(kSaved + ".1"), "mine, too\n");
  EXPECT_EQ(host.Read(kSaved + ".2"), text);
  EXPECT_THAT(report.errors, HasSubstr("kept as " + kSaved + ".2"));
  // What is saved already is not saved again.
  host.Write(kDropInPath, text);
  EXPECT_EQ(host.DisableWith({true}).status, ExitStatus::kDone);
  EXPECT_FALSE(host.Has(kSaved + ".3"));
}

TEST(PlanDisable, WithoutANameLeftNothingIsChanged) {
  Host host;
  host.Write(kSaved, "x");
  for (int i = 1; i < 100; ++i) host.Write(kSaved + "." + std::to_string(i), "x");
  host.Write(kDropInPath, Edited("# ticket 4711"));
  const auto files = host.Files();
  const Report report = host.DisableWith({true});
  EXPECT_EQ(report.status, ExitStatus::kFailed);
  EXPECT_THAT(report.errors, HasSubstr("too many"));
  EXPECT_EQ(host.Files(), files);
}

TEST(PlanDisable, WhatIsSavedIsReadByTheSameAsTheOriginal) {
  Host host;
  host.Write("/etc/ssh/sshd_config", Edited("# ticket 4711") + "UsePAM no\n");
  chmod((host.layout.root + "/etc/ssh/sshd_config").c_str(), 0600);
  EXPECT_EQ(host.DisableWith({true}).status, ExitStatus::kDone);
  EXPECT_EQ(host.ModeOf("/etc/ssh/.sshd_config.saved"), 0600U);
}

TEST(PlanDisable, WhatIsSavedIsNoConfiguration) {
  Host host;
  host.Write("/etc/ssh/sshd_config", "Include /etc/ssh/sshd_config.d/*\nUsePAM no\n");
  host.Write(kDropInPath, Edited("# ticket 4711"));
  const Report report = host.DisableWith({true});
  EXPECT_EQ(report.status, ExitStatus::kDone) << report.errors;
  EXPECT_TRUE(host.Has(kSaved));
  EXPECT_EQ(host.Counts().command, "");
}

TEST(PlanDisable, ALinkStaysALinkAndItsTargetAFile) {
  for (const std::string before : {"", "# mine\n"}) {
    Host host;
    host.Write("/etc/mine", before);
    std::filesystem::create_symlink("/etc/mine", host.layout.root + kDropInPath);
    EXPECT_EQ(host.EnableWith().status, ExitStatus::kDone);
    EXPECT_EQ(host.Read("/etc/mine"), std::string(WantedBlock()) + before);
    const Report report = host.DisableWith({true});
    EXPECT_EQ(report.status, ExitStatus::kDone) << report.errors;
    EXPECT_TRUE(std::filesystem::is_symlink(host.layout.root + kDropInPath));
    EXPECT_EQ(host.Read("/etc/mine"), before);
  }
}

// The lines of others that are set aside begin with kSetAsidePrefix.
TEST(PlanDisable, RootsLineGoesWithAChainOfOneAlone) {
  const std::string chain = "AuthorizedKeysCommand " + std::string(kChainPath) + " -- %u %f %t\n";
  const std::string sssd = "AuthorizedKeysCommand /usr/bin/sss_ssh_authorizedkeys\n";
  const std::string root = "AuthorizedKeysCommandUser root\n";
  const std::string aside(kSetAsidePrefix);
  const struct {
    const char* what;
    std::string text;
    std::string left;
  } rows[] = {
      {"another command above the shell agent's name of ours", sssd + root + kShellAgentLines,
       sssd + root + aside + "AuthorizedKeysCommand /opt/aws/bin/eic_run_authorized_keys %u %f\n" +
           aside + "AuthorizedKeysCommandUser ec2-instance-connect\n"},
      {"a chain written by hand", chain + root, aside + chain + aside + root},
      {"a chain above another command", chain + root + sssd, aside + chain + root + sssd},
      {"a chain beside none", "AuthorizedKeysCommand none\n" + chain + root,
       "AuthorizedKeysCommand none\n" + aside + chain + aside + root},
      {"our agent as root, by hand",
       "AuthorizedKeysCommand " + std::string(kWantedCommand) + "\n" + root,
       aside + "AuthorizedKeysCommand " + std::string(kWantedCommand) + "\n" + root},
  };
  for (const auto& row : rows) {
    Host host;
    host.Write("/etc/ssh/sshd_config", row.text + kStockConfig);
    const Report report = host.DisableWith({true});
    EXPECT_EQ(report.status, ExitStatus::kDone) << row.what << report.errors;
    EXPECT_EQ(host.Read("/etc/ssh/sshd_config"), row.left + kStockConfig) << row.what;
  }
}

TEST(PlanDisable, WithoutSshdConfigWhatIsOursGoesEvenSo) {
  for (const bool is_edited : {false, true}) {
    Host host;
    host.EnableWith();
    if (is_edited) host.Write(kDropInPath, Edited("# ticket 4711"));
    std::filesystem::remove(host.layout.root + "/etc/ssh/sshd_config");
    const Report report = host.DisableWith({true});
    EXPECT_EQ(report.status, ExitStatus::kUnchecked);
    EXPECT_THAT(report.errors, HasSubstr("there is no sshd_config"));
    EXPECT_FALSE(host.Has(kDropInPath));
    EXPECT_EQ(host.Has(kSaved), is_edited);
    EXPECT_FALSE(host.Has("/var/lib/ec2-instance-connect/journal.json"));
  }
}

}  // namespace
}  // namespace eic::admin
