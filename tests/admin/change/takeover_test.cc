// The forms in which the shell agent's packages left sshd, as their public record has them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/admin/support.h"

namespace eic::admin {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::string kName = "/ec2-instance-connect.conf";
const std::string kUnitFolderPath = "/etc/systemd/system/ssh.service.d";

// Where the shell agent's own program stays, `disable` gives it back; where it went away with its
// package, or is a name of ours now, it would name nothing and stays aside.
void KeepProgram(const Host& host) {
  host.Write("/usr/share/ec2-instance-connect/eic_run_authorized_keys", "#!/bin/sh\n");
  host.Write("/opt/aws/bin/eic_run_authorized_keys", "#!/bin/sh\n");
}

const std::string kRunningShellAgent =
    "/usr/sbin/sshd -D -o AuthorizedKeysCommand "
    "/usr/share/ec2-instance-connect/eic_run_authorized_keys %u %f -o AuthorizedKeysCommandUser "
    "ec2-instance-connect";

struct UnitRow {
  const char* what;
  std::string file;
};

const UnitRow kUnits[] = {
    {"Ubuntu's shipped unit drop-in", "/usr/lib/systemd/system/ssh.service.d" + kName},
    {"Ubuntu's drop-in written by postinst", "/lib/systemd/system/ssh.service.d" + kName},
    {"a drop-in copied by hand", kUnitFolderPath + kName},
};

TEST(Takeover, OfAUnitDropInRestartsAndComesBack) {
  for (const UnitRow& row : kUnits) {
    Host host;
    KeepProgram(host);
    host.Write(row.file, kShellAgentUnit);
    host.Boot(kRunningShellAgent);
    const auto files = host.Files();
    const Report report = host.EnableWith();
    EXPECT_EQ(report.status, ExitStatus::kDone) << row.what << report.errors;
    EXPECT_THAT(host.runner.systemctl_lines, ElementsAre("daemon-reload", "restart ssh.service"));
    EXPECT_FALSE(ReadSshUnit(Tree(host.layout)).options().SetsCommandOrUser()) << row.what;
    EXPECT_TRUE(host.Counts().IsWanted()) << row.what;
    // Never an ExecStart of ours.
    const std::string ours = host.Read(kUnitFolderPath + kName).value_or("");
    EXPECT_EQ(ours.find("\nExecStart"), std::string::npos) << ours;

    host.Write("/proc/77/cmdline", "sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups");
    EXPECT_EQ(host.DisableWith({true}).status, ExitStatus::kDone) << row.what;
    EXPECT_EQ(host.Files(), files) << row.what;
    EXPECT_EQ(host.runner.systemctl_lines.back(), "restart ssh.service");
  }
}

TEST(Takeover, WhoseProgramIsGoneStaysAside) {
  for (const UnitRow& row : kUnits) {
    Host host;
    host.Write(row.file, kShellAgentUnit);
    host.Boot(kRunningShellAgent);
    host.EnableWith();
    host.Write("/proc/77/cmdline", "sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups");
    EXPECT_EQ(host.DisableWith({true}).status, ExitStatus::kDone) << row.what;
    EXPECT_EQ(host.Counts().command, "") << row.what;
  }
}

TEST(Takeover, OfARhel8UnitDropIn) {
  Host host;
  host.Write("/usr/lib/systemd/system/sshd.service",
             "[Service]\nEnvironmentFile=-/etc/sysconfig/sshd\n"
             "ExecStart=/usr/sbin/sshd -D $OPTIONS $CRYPTO_POLICY\nKillMode=process\n");
  host.Write("/usr/lib/systemd/system/sshd.service.d" + kName,
             "[Service]\nExecStart=\nExecStart=/usr/sbin/sshd -D -o \"AuthorizedKeysCommand "
             "/opt/aws/bin/eic_run_authorized_keys %%u %%f\" -o \"AuthorizedKeysCommandUser "
             "ec2-instance-connect\" $SSHD_OPTS\n");
  EXPECT_EQ(host.EnableWith().status, ExitStatus::kDone);
  EXPECT_TRUE(host.Has("/etc/systemd/system/sshd.service.d" + kName));
  EXPECT_TRUE(host.Counts().IsWanted());
  host.DisableWith({true});
  EXPECT_EQ(host.Counts().command, "");
}

TEST(Takeover, OptionsBesidesTheShellAgentsAreNotLost) {
  Host host;
  host.Write("/lib/systemd/system/ssh.service", kStockUnit);
  std::string unit = kShellAgentUnit;
  unit.insert(unit.find("-D ") + 3, "-p 2222 ");
  host.Write(kUnitFolderPath + kName, unit);
  const auto files = host.Files();
  const Report report = host.EnableWith();
  EXPECT_EQ(report.status, ExitStatus::kRefused);
  EXPECT_THAT(report.errors, HasSubstr(kUnitFolderPath + kName + ":3"));
  EXPECT_EQ(host.Files(), files);
}

TEST(Takeover, OtherSettingsOfTheDropInStayInForce) {
  Host host;
  host.Write("/lib/systemd/system/ssh.service", kStockUnit);
  host.Write("/usr/lib/systemd/system/ssh.service.d" + kName, kShellAgentUnit + "Nice=-5\n");
  EXPECT_EQ(host.EnableWith().status, ExitStatus::kDone);
  EXPECT_THAT(*host.Read(kUnitFolderPath + kName), HasSubstr("\nNice=-5\n"));
}

TEST(Takeover, OfADaemonWhoseDropInIsGoneAlready) {
  // dpkg takes the file away when the package is replaced; the daemon still has the options.
  Host host;
  host.Boot(kRunningShellAgent);
  EXPECT_EQ(host.EnableWith().status, ExitStatus::kDone);
  // systemd, too, may still have the unit with it.
  EXPECT_THAT(host.runner.systemctl_lines, ElementsAre("daemon-reload", "restart ssh.service"));
  EXPECT_TRUE(host.Has(std::string(kDropIn)));
}

TEST(Takeover, WhatSystemdAloneKnowsIsRefusedByName) {
  for (const char* needs_reload : {"no", "yes"}) {
    Host host;
    host.Boot("/usr/sbin/sshd -D");
    host.runner.properties["NeedDaemonReload"] = needs_reload;
    host.runner.properties["ExecStart"] =
        "{ path=/usr/sbin/sshd ; argv[]=/usr/sbin/sshd -D -o AuthorizedKeysCommand /opt/keys %u "
        "-o AuthorizedKeysCommandUser nobody ; ignore_errors=no ; start_time=[n/a] }";
    const Report report = host.EnableWith();
    const bool is_stale = needs_reload == std::string("yes");
    EXPECT_EQ(report.status, is_stale ? ExitStatus::kDone : ExitStatus::kRefused) << report.errors;
    EXPECT_EQ(host.Has(std::string(kDropIn)), is_stale);
    if (is_stale) continue;
    EXPECT_THAT(report.errors, HasSubstr("systemctl show -p ExecStart ssh.service"));
    EXPECT_THAT(report.errors, HasSubstr("/opt/keys"));
  }
}

TEST(Takeover, ARestartThatFailsPutsEverythingBack) {
  Host host;
  host.Write("/usr/lib/systemd/system/ssh.service.d" + kName, kShellAgentUnit);
  host.Boot(kRunningShellAgent);
  host.runner.systemctl_status["restart"] = 1;
  const auto files = host.Files();
  EXPECT_EQ(host.EnableWith().status, ExitStatus::kFailed);
  EXPECT_EQ(host.Files(), files);
  EXPECT_THAT(host.runner.systemctl_lines, ElementsAre("daemon-reload", "restart ssh.service",
                                                       "daemon-reload", "restart ssh.service"));
}

TEST(Takeover, SessionsThatARestartWouldEndAreKept) {
  Host host;
  host.Write("/usr/lib/systemd/system/ssh.service.d" + kName, kShellAgentUnit);
  host.Boot(kRunningShellAgent);
  host.runner.properties["KillMode"] = "control-group";
  const Report report = host.EnableWith();
  EXPECT_EQ(report.status, ExitStatus::kUnchecked);
  EXPECT_THAT(report.errors, HasSubstr("systemctl restart ssh.service"));
  EXPECT_THAT(host.runner.systemctl_lines, ElementsAre("daemon-reload"));
}

TEST(Takeover, OfAmazonLinux2sLinesInSshdConfig) {
  const std::string config =
      "# Amazon's\nUsePAM yes\nSubsystem sftp internal-sftp\n\n" + kShellAgentLines;
  for (const bool program_stays : {true, false}) {
    Host host;
    if (program_stays) KeepProgram(host);
    host.Write("/etc/ssh/sshd_config", config);
    EXPECT_EQ(host.EnableWith().status, ExitStatus::kDone);
    EXPECT_TRUE(host.Counts().IsWanted());
    EXPECT_EQ(host.DisableWith({true}).status, ExitStatus::kDone);
    if (program_stays) {
      EXPECT_EQ(host.Read("/etc/ssh/sshd_config"), config);
    } else {
      EXPECT_EQ(host.Counts().command, "");
      EXPECT_EQ(GiveBack(*host.Read("/etc/ssh/sshd_config")), config);
    }
  }
}

TEST(Takeover, OfRhel9sDropInEditedOrNot) {
  const std::string kTexts[] = {kShellAgentLines, "# mine\nLogLevel DEBUG\n" + kShellAgentLines};
  for (const std::string& text : kTexts) {
    Host host;
    KeepProgram(host);
    host.Write(std::string(kDropIn), text);
    EXPECT_EQ(host.EnableWith().status, ExitStatus::kDone);
    EXPECT_TRUE(host.Counts().IsWanted());
    EXPECT_EQ(host.DisableWith({true}).status, ExitStatus::kDone);
    EXPECT_EQ(host.Read(std::string(kDropIn)), text);
  }
}

TEST(Takeover, OfRhel9sDropInLeavesNoCommentsBehind) {
  // Its program went away with its package.
  for (const bool for_removal : {true, false}) {
    Host host;
    host.Write(std::string(kDropIn), kShellAgentLines);
    EXPECT_EQ(host.EnableWith().status, ExitStatus::kDone);
    EXPECT_EQ(host.DisableWith({for_removal}).status, ExitStatus::kDone);
    EXPECT_EQ(host.Has(std::string(kDropIn)), !for_removal);
  }
}

TEST(Takeover, OfALowerDropInTakesTheLinesOutOfTheWay) {
  Host host;
  KeepProgram(host);
  host.Write("/etc/ssh/sshd_config.d/10-eic.conf", kShellAgentLines);
  EXPECT_EQ(host.EnableWith().status, ExitStatus::kDone);
  EXPECT_TRUE(host.Counts().IsWanted());
  host.DisableWith();
  EXPECT_EQ(host.Read("/etc/ssh/sshd_config.d/10-eic.conf"), kShellAgentLines);
}

}  // namespace
}  // namespace eic::admin
