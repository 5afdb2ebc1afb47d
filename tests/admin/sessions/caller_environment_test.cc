// enable --caller-environment: off unless asked for, and taken back whole.
#include "admin/sessions/caller_environment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/admin/support.h"

namespace eic::admin {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kDropInPath(kDropIn);

EnableOptions Labelling() {
  EnableOptions options;
  options.caller_environment = true;
  return options;
}

TEST(CallerEnvironmentTest, OffUnlessAskedFor) {
  Host host;
  EXPECT_EQ(host.EnableWith({}).status, ExitStatus::kDone);
  EXPECT_THAT(*host.Read(kDropInPath), Not(HasSubstr("caller-environment")));
  EXPECT_THAT(*host.Read(kDropInPath), Not(HasSubstr("PermitUserEnvironment")));
}

TEST(CallerEnvironmentTest, SetsTheOptionAndTheLineAndDisableTakesBothBack) {
  for (const bool was_enabled : {false, true}) {
    Host host;
    const auto before = host.Files();
    if (was_enabled) host.EnableWith({});
    const Report report = host.EnableWith(Labelling());
    ASSERT_EQ(report.status, ExitStatus::kDone) << report.errors;
    const std::string text = *host.Read(kDropInPath);
    EXPECT_THAT(text, HasSubstr("\nAuthorizedKeysCommand " + std::string(kLabellingCommand) +
                                "\nAuthorizedKeysCommandUser ec2-instance-connect\n" +
                                std::string(kPermitLine) + "\n# END ec2-instance-connect\n"));
    // Once more is no change, and a plain enable, as an upgrade runs it, leaves it as it is.
    EXPECT_EQ(host.EnableWith(Labelling()).status, ExitStatus::kDone);
    EXPECT_EQ(host.EnableWith({}).status, ExitStatus::kDone);
    EXPECT_EQ(*host.Read(kDropInPath), text);
    DisableOptions for_removal;
    for_removal.for_removal = true;
    EXPECT_EQ(host.DisableWith(for_removal).status, ExitStatus::kDone);
    EXPECT_EQ(host.Files(), before);
  }
}

TEST(CallerEnvironmentTest, AnEditedBlockKeepsWhatIsNotOurs) {
  const std::string text = LabellingBlock(WantedBlock());
  EXPECT_EQ(RemoveBlock(text), "");
  EXPECT_FALSE(EditedLine(text));
  std::string edited = text;
  edited.replace(edited.find(kPermitLine), kPermitLine.size(), "PermitUserEnvironment yes");
  EXPECT_EQ(RemoveBlock(edited), "PermitUserEnvironment yes\n");
  EXPECT_TRUE(EditedLine(edited));
}

TEST(CallerEnvironmentTest, ALineThatWasTakenOutComesBack) {
  Host host;
  host.EnableWith(Labelling());
  const std::string text = *host.Read(kDropInPath);
  std::string without = text;
  without.erase(without.find(kPermitLine), kPermitLine.size() + 1);
  host.Write(kDropInPath, without);
  EXPECT_EQ(host.EnableWith(Labelling()).status, ExitStatus::kDone);
  EXPECT_EQ(*host.Read(kDropInPath), text);
}

TEST(CallerEnvironmentTest, AnOptionOfTheDaemonIsRefused) {
  Host host;
  host.Boot("/usr/sbin/sshd -D -o PermitUserEnvironment=no");
  const auto files = host.Files();
  const Report report = host.EnableWith(Labelling());
  EXPECT_EQ(report.status, ExitStatus::kRefused);
  EXPECT_THAT(report.errors, HasSubstr("sshd's command line sets PermitUserEnvironment"));
  EXPECT_EQ(host.Files(), files);
}

TEST(CallerEnvironmentTest, WhatStandsAgainstItIsRefusedAndNothingIsChanged) {
  const struct {
    const char* name;
    std::string before;  // of sshd_config
    std::string version;
    const char* says;
  } kRows[] = {
      {"an old sshd", "", "OpenSSH_7.7p1, OpenSSL\n", "needs OpenSSH 7.8, and this sshd is 7.7"},
      {"a very old one", "", "OpenSSH_6.10p1\n", "this sshd is 6.10"},
      {"set already", "PermitUserEnvironment yes\n", "OpenSSH_9.2p1\n", "sshd_config:1 sets"},
      {"forbidden by somebody", "permituserenvironment=no\n", "", "sshd_config:1 sets"},
      {"in a Match block", "Match User bob\nPermitUserEnvironment LANG\n", "",
       "sshd_config:2 sets"},
      {"another command of ours",
       "AuthorizedKeysCommand " + std::string(kAgentPath) +
           " --timeout 9 -- %u %f %t\nAuthorizedKeysCommandUser ec2-instance-connect\n",
       "", "by hand"},
  };
  for (const auto& row : kRows) {
    Host host;
    host.Write(std::string(kMainConfig), row.before + kStockConfig);
    host.runner.version = row.version;
    const auto files = host.Files();
    const Report report = host.EnableWith(Labelling());
    EXPECT_EQ(report.status, ExitStatus::kRefused) << row.name;
    EXPECT_THAT(report.errors, HasSubstr(row.says)) << row.name;
    EXPECT_EQ(host.Files(), files) << row.name;
  }
}

}  // namespace
}  // namespace eic::admin
