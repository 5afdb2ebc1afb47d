// enable, disable and status on a host without a history. The shell agent's forms:
// takeover_test.cc.
#include "admin/change/enable_disable.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "admin/files/transaction.h"
#include "tests/admin/support.h"

namespace eic::admin {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string kDropInPath(kDropIn);
const std::string kSavedPath = "/etc/ssh/sshd_config.d/.60-ec2-instance-connect.conf.saved";
const std::string kMarkerPath(kDisabledMarker);
const std::string kOther =
    "AuthorizedKeysCommand /usr/bin/other %u\n"
    "AuthorizedKeysCommandUser nobody\n";

TEST(Enable, WritesTheDropIn) {
  Host host;
  const Report report = host.EnableWith();
  EXPECT_EQ(report.status, ExitStatus::kDone) << report.errors;
  EXPECT_EQ(host.Read(kDropInPath), WantedBlock());
  EXPECT_EQ(host.Read("/etc/ssh/sshd_config"), kStockConfig);
  EXPECT_TRUE(host.Counts().IsWanted());
  ASSERT_EQ(host.audit.size(), 1U);
  EXPECT_THAT(host.audit[0], HasSubstr("changed by enable: command=\"" EIC_LIBEXECDIR));
  EXPECT_THAT(host.audit[0], HasSubstr("was=\"none\" uid="));
}

TEST(Enable, TwiceIsOnce) {
  Host host;
  host.EnableWith();
  const auto files = host.Files();
  const Report report = host.EnableWith();
  EXPECT_EQ(report.status, ExitStatus::kDone);
  EXPECT_THAT(report.output, HasSubstr("already enabled"));
  EXPECT_EQ(host.Files(), files);
  EXPECT_EQ(host.audit.size(), 1U);
}

TEST(Enable, WithoutAnIncludeTheBlockGoesIntoSshdConfig) {
  const std::string kConfigs[] = {
      "",
      "Port 22",
      "Port 22\r\nMatch User bob\r\n  X11Forwarding no\r\n",
      "# comment\n\nMatch all\nUsePAM no",
      "Match User bob\nInclude /etc/ssh/sshd_config.d/*.conf\n",
      "Include /etc/ssh/other.d/*.conf\n",
      "#Include /etc/ssh/sshd_config.d/*.conf\n",
  };
  for (const std::string& config : kConfigs) {
    Host host;
    host.Write("/etc/ssh/sshd_config", config);
    EXPECT_EQ(host.EnableWith().status, ExitStatus::kDone) << config;
    EXPECT_TRUE(host.Counts().IsWanted()) << config;
    EXPECT_FALSE(host.Has(kDropInPath)) << config;
    EXPECT_EQ(host.DisableWith().status, ExitStatus::kDone) << config;
    EXPECT_EQ(host.Read("/etc/ssh/sshd_config"), config);
  }
}

struct Taken {
  const char* where;
  std::string file;
  std::string text;
  std::string place;  // as it is told
};

const Taken kTaken[] = {
    {"in a drop-in of a lower number", "/etc/ssh/sshd_config.d/10-other.conf", "# x\n" + kOther,
     "10-other.conf:2"},
    {"in a drop-in of a higher number", "/etc/ssh/sshd_config.d/90-other.conf", kOther,
     "90-other.conf:1"},
    {"in sshd_config", "/etc/ssh/sshd_config", kStockConfig + kOther, "sshd_config:8"},
    {"in sshd_config above the Include", "/etc/ssh/sshd_config", kOther + kStockConfig,
     "sshd_config:1"},
    {"for all, in a Match block", "/etc/ssh/sshd_config", kStockConfig + "Match all\n" + kOther,
     "sshd_config:9"},
};

TEST(Enable, RefusesWhatIsSomebodyElsesAndSaysWhose) {
  for (const Taken& taken : kTaken) {
    Host host;
    host.Write(taken.file, taken.text);
    const auto files = host.Files();
    const Report report = host.EnableWith();
    EXPECT_EQ(report.status, ExitStatus::kRefused) << taken.where;
    EXPECT_THAT(report.errors, HasSubstr(taken.place));
    EXPECT_THAT(report.errors, HasSubstr("/usr/bin/other"));
    EXPECT_EQ(host.Files(), files) << taken.where;
    EXPECT_THAT(host.audit, IsEmpty());
  }
}

TEST(Enable, ReplaceTakesItAndDisableGivesItBack) {
  for (const Taken& taken : kTaken) {
    Host host;
    host.Write(taken.file, taken.text);
    auto files = host.Files();
    const Report report = host.EnableWith({Intent::kReplace});
    EXPECT_EQ(report.status, ExitStatus::kDone) << taken.where << ": " << report.errors;
    EXPECT_TRUE(host.Counts().IsWanted()) << taken.where;
    EXPECT_EQ(host.DisableWith({true}).status, ExitStatus::kDone) << taken.where;
    EXPECT_EQ(host.Files(), files) << taken.where;
    EXPECT_EQ(host.Counts().command, "/usr/bin/other %u");
  }
}

TEST(Enable, AUserWithoutACommandIsRefusedWhereItWouldCount) {
  Host host;
  host.Write("/etc/ssh/sshd_config.d/10-a.conf", "AuthorizedKeysCommandUser nobody\n");
  const Report report = host.EnableWith();
  EXPECT_EQ(report.status, ExitStatus::kRefused);
  EXPECT_THAT(report.errors, HasSubstr("10-a.conf:1"));
  EXPECT_EQ(host.EnableWith({Intent::kReplace}).status, ExitStatus::kDone);
  EXPECT_TRUE(host.Counts().IsWanted());
}

TEST(Enable, AMatchBlockOfSomebodyElseGoesOnAndIsTold) {
  Host host;
  host.Write("/etc/ssh/sshd_config", kStockConfig + "Match User ldap*\n" + kOther);
  const Report report = host.EnableWith();
  EXPECT_EQ(report.status, ExitStatus::kDone);
  EXPECT_THAT(report.errors, HasSubstr("for `Match User ldap*` sshd still runs /usr/bin/other"));
  EXPECT_TRUE(host.Counts().IsWanted());
}

TEST(Enable, RefusesWhatTheCommandLineSays) {
  Host host;
  host.Write("/lib/systemd/system/ssh.service", kStockUnit);
  host.Write(
      "/etc/default/ssh",
      "SSHD_OPTS=\"-oAuthorizedKeysCommand=/usr/bin/other -oAuthorizedKeysCommandUser=a\"\n");
  for (const Intent intent : {Intent::kEnable, Intent::kReplace, Intent::kChain}) {
    const Report report = host.EnableWith({intent});
    EXPECT_EQ(report.status, ExitStatus::kRefused);
    EXPECT_THAT(report.errors, HasSubstr("/etc/default/ssh:1 sets AuthorizedKeysCommand"));
  }
}

TEST(Enable, ArgumentsOfTheAdministratorStay) {
  Host host;
  std::string text(WantedBlock());
  text.insert(text.find(" -- "), " --timeout 9");
  host.Write(kDropInPath, text);
  EXPECT_THAT(host.EnableWith().output, HasSubstr("already enabled"));
  EXPECT_EQ(host.Read(kDropInPath), text);
  const Report report = host.DisableWith();
  EXPECT_EQ(host.Read(kSavedPath), text);
  EXPECT_THAT(report.errors, HasSubstr(kSavedPath));
  EXPECT_FALSE(host.Has(kDropInPath));
}

TEST(Enable, OtherLinesOfTheDropInStay) {
  Host host;
  host.Write(kDropInPath, "LogLevel VERBOSE\n" + kShellAgentLines);
  EXPECT_EQ(host.EnableWith().status, ExitStatus::kDone);
  EXPECT_THAT(*host.Read(kDropInPath), HasSubstr("\nLogLevel VERBOSE\n"));
  host.DisableWith();
  EXPECT_THAT(*host.Read(kDropInPath), HasSubstr("LogLevel VERBOSE\n"));
  EXPECT_EQ(host.Counts().command, "");
}

TEST(Enable, ModeAndLinkOfSshdConfigStay) {
  Host host;
  host.Write("/etc/ssh/real_config", "Port 22\n");
  std::filesystem::remove(host.layout.root + "/etc/ssh/sshd_config");
  std::filesystem::create_symlink("real_config", host.layout.root + "/etc/ssh/sshd_config");
  chmod((host.layout.root + "/etc/ssh/real_config").c_str(), 0600);
  EXPECT_EQ(host.EnableWith().status, ExitStatus::kDone);
  EXPECT_TRUE(std::filesystem::is_symlink(host.layout.root + "/etc/ssh/sshd_config"));
  struct stat status {};
  stat((host.layout.root + "/etc/ssh/real_config").c_str(), &status);
  EXPECT_EQ(status.st_mode & 07777U, 0600U);
}

TEST(Enable, WhatIsNoRegularFileIsNotReplaced) {
  Host host;
  const std::string pipe = host.layout.root + "/pipe";  // stands for /dev/null
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  std::filesystem::create_directories(host.layout.root + "/etc/ssh/sshd_config.d");
  std::filesystem::create_symlink("/pipe", host.layout.root + kDropInPath);
  const Report report = host.EnableWith();
  EXPECT_EQ(report.status, ExitStatus::kRefused);
  EXPECT_THAT(report.errors, HasSubstr("is not a regular file"));
  EXPECT_TRUE(std::filesystem::is_fifo(pipe));
  EXPECT_FALSE(host.Has("/var/lib/ec2-instance-connect/journal.json"));
}

TEST(Enable, WhatARecoveryDisablesStaysDisabled) {
  Host host;
  host.Write(kMarkerPath, "by the administrator\n");
  Transaction interrupted(host.layout, host.files,
                          {{kMarkerPath, "by the administrator\n", std::nullopt}});
  ASSERT_TRUE(interrupted.Apply());
  ASSERT_FALSE(host.Has(kMarkerPath));
  EnableOptions of_a_package;
  of_a_package.if_not_disabled = true;
  const Report report = host.EnableWith(of_a_package);
  EXPECT_EQ(report.status, ExitStatus::kDone) << report.errors;
  EXPECT_THAT(report.output, HasSubstr("left disabled"));
  EXPECT_THAT(report.errors, HasSubstr("first restored what an interrupted run had changed"));
  EXPECT_TRUE(host.Has(kMarkerPath));
  EXPECT_FALSE(host.Has(kDropInPath));
}

TEST(Enable, WhatSshdRefusesIsNeverWritten) {
  for (int run = 1; run <= 6; ++run) {
    Host host;
    host.runner.refuse_from_run = run;
    const auto files = host.Files();
    const Report report = host.EnableWith();
    EXPECT_EQ(report.status, ExitStatus::kFailed) << run;
    EXPECT_THAT(report.errors, HasSubstr("scripted refusal")) << run;
    EXPECT_EQ(host.Files(), files) << run;
    EXPECT_FALSE(IsInterrupted(host.layout)) << run;
  }
}

TEST(Enable, WhatCannotBeCheckedIsDoneAndSaid) {
  Host host;
  host.runner.sshd_cannot_run = "Exec format error";
  const Report report = host.EnableWith();
  EXPECT_EQ(report.status, ExitStatus::kUnchecked);
  EXPECT_THAT(report.errors, HasSubstr("Exec format error"));
  EXPECT_EQ(host.Read(kDropInPath), WantedBlock());
  // The files alone tell that it is taken, too.
  Host taken;
  taken.runner.sshd_cannot_run = "x";
  taken.Write("/etc/ssh/sshd_config.d/10-a.conf", kOther);
  EXPECT_EQ(taken.EnableWith().status, ExitStatus::kRefused);
  EXPECT_FALSE(taken.Has(kDropInPath));
}

TEST(Enable, WithoutSshdConfigNothingIsWritten) {
  Host host;
  std::filesystem::remove(host.layout.root + "/etc/ssh/sshd_config");
  EXPECT_EQ(host.EnableWith().status, ExitStatus::kUnchecked);
  EXPECT_THAT(host.Files(), IsEmpty());
}

TEST(Disable, LeavesAMarkerThatPackagesHonour) {
  Host host;
  const auto files = host.Files();
  host.EnableWith();
  EXPECT_EQ(host.DisableWith().status, ExitStatus::kDone);
  EXPECT_TRUE(host.Has(kMarkerPath));
  const Report report = host.EnableWith({Intent::kEnable, true});
  EXPECT_EQ(report.status, ExitStatus::kDone);
  EXPECT_THAT(report.output, HasSubstr("left disabled"));
  EXPECT_FALSE(host.Has(kDropInPath));
  host.EnableWith();
  EXPECT_FALSE(host.Has(kMarkerPath));
  EXPECT_EQ(host.DisableWith({true}).status, ExitStatus::kDone);
  EXPECT_EQ(host.Files(), files);
  EXPECT_EQ(host.audit.size(), 4U);
}

TEST(Disable, ForRemovalKeepsTheMarkerOfTheAdministrator) {
  Host host;
  host.DisableWith();
  host.DisableWith({true});
  EXPECT_TRUE(host.Has(kMarkerPath));
}

TEST(Disable, HandWrittenLinesOfOurAgentAreSetAside) {
  Host host;
  host.Write("/etc/ssh/sshd_config",
             kStockConfig + "AuthorizedKeysCommand " + std::string(kWantedCommand) +
                 "\nAuthorizedKeysCommandUser ec2-instance-connect\nMatch User bob\n"
                 "AuthorizedKeysCommand " +
                 std::string(kAgentPath) + " %u\n");
  EXPECT_EQ(host.DisableWith().status, ExitStatus::kDone);
  EXPECT_EQ(host.Counts().command, "");
  const std::string text = *host.Read("/etc/ssh/sshd_config");
  EXPECT_THAT(text, Not(HasSubstr("\nAuthorizedKeysCommand ")));
}

TEST(Enable, AMatchBlockThatKeepsTheShellAgentIsToldUnlessThatIsOurs) {
  Host host;
  host.Write("/opt/aws/bin/eic_run_authorized_keys", "#!/bin/sh\n");
  host.Write("/etc/ssh/sshd_config", kStockConfig + "Match User ldap\n" + kShellAgentLines);
  const Report report = host.EnableWith();
  EXPECT_EQ(report.status, ExitStatus::kDone);
  EXPECT_THAT(report.errors, HasSubstr("for `Match User ldap` sshd still runs the shell agent "
                                       "(/opt/aws/bin/eic_run_authorized_keys)"));
  host.DisableWith({true});
  host.Write(std::string(kAgentPath), "");
  host.Link("/opt/aws/bin/eic_run_authorized_keys", std::string(kAgentPath));
  EXPECT_THAT(host.EnableWith().errors, Not(HasSubstr("Match User ldap")));
}

TEST(Daemon, WhereNoneIsFoundThatCouldBeToldItIsSaid) {
  Host host;
  host.layout.is_live = true;
  const Report report = host.EnableWith();
  EXPECT_EQ(report.status, ExitStatus::kDone);
  EXPECT_THAT(report.errors, HasSubstr("found no running sshd to reload"));
  EXPECT_THAT(host.EnableWith().errors, Not(HasSubstr("no running sshd")));
  EXPECT_THAT(host.DisableWith().errors, HasSubstr("found no running sshd"));
  // Nobody is to be told in an image, nor where a package leaves it to the administrator.
  Host image;
  EXPECT_THAT(image.EnableWith().errors, Not(HasSubstr("no running sshd")));
  Host package;
  package.layout.is_live = true;
  EnableOptions of_a_package;
  of_a_package.no_reload = true;
  EXPECT_THAT(package.EnableWith(of_a_package).errors, Not(HasSubstr("no running sshd")));
  Host running;
  running.Boot();
  EXPECT_THAT(running.EnableWith().errors, Not(HasSubstr("no running sshd")));
}

TEST(Daemon, IsReloadedAndOnlyAfterAChange) {
  Host host;
  host.Boot();
  EXPECT_EQ(host.EnableWith().status, ExitStatus::kDone);
  EXPECT_THAT(host.runner.systemctl_lines, ElementsAre("reload ssh.service"));
  host.EnableWith();
  EXPECT_EQ(host.runner.systemctl_lines.size(), 1U);
  host.DisableWith();
  EXPECT_EQ(host.runner.systemctl_lines.size(), 2U);
}

TEST(Daemon, IsNotStartedWhereNoneRuns) {
  Host host;
  host.Boot();
  host.runner.properties["ActiveState"] = "inactive";
  EXPECT_EQ(host.EnableWith().status, ExitStatus::kDone);
  EXPECT_THAT(host.runner.systemctl_lines, IsEmpty());
}

TEST(Daemon, IsLeftAloneWhereThatIsAskedForAndItIsSaid) {
  Host host;
  host.Boot();
  const Report enabled = host.EnableWith({Intent::kEnable, false, true});
  EXPECT_EQ(enabled.status, ExitStatus::kDone);
  EXPECT_EQ(host.Read(kDropInPath), WantedBlock());
  EXPECT_THAT(enabled.errors,
              HasSubstr("the running sshd keeps its old configuration until it is reloaded"));
  EXPECT_THAT(host.DisableWith({true, true}).errors, HasSubstr("until it is reloaded"));
  EXPECT_FALSE(host.Has(kDropInPath));
  EXPECT_THAT(host.runner.systemctl_lines, IsEmpty());
}

TEST(Daemon, AReloadThatFailsPutsEverythingBack) {
  Host host;
  host.Boot();
  host.runner.systemctl_status["reload"] = 1;
  const auto files = host.Files();
  const Report report = host.EnableWith();
  EXPECT_EQ(report.status, ExitStatus::kFailed);
  EXPECT_THAT(report.errors, HasSubstr("every file was restored"));
  EXPECT_EQ(host.Files(), files);
}

TEST(Daemon, ItsOwnConfigurationFileIsTheOneThatCounts) {
  Host host;
  host.Write("/etc/ssh/other_config", "Port 22\n");
  host.Write("/etc/default/ssh", "SSHD_OPTS=-f /etc/ssh/other_config\n");
  host.Boot("/usr/sbin/sshd -D -f /etc/ssh/other_config");
  EXPECT_EQ(host.EnableWith().status, ExitStatus::kDone);
  EXPECT_TRUE(HasBlock(*host.Read("/etc/ssh/other_config")));
  EXPECT_FALSE(host.Has(kDropInPath));
}

TEST(Status, TellsForPrograms) {
  Host host;
  host.EnableWith();
  host.Write("/etc/ssh/sshd_config", kStockConfig + "Match User bob\n" + kOther +
                                         "Match RDomain x\nAuthorizedKeysCommand none\n");
  const Report report = Status(host.outside(), {true});
  const auto json = nlohmann::json::parse(report.output);
  EXPECT_EQ(json["enabled"], true);
  EXPECT_EQ(json["owner"], "ours");
  EXPECT_EQ(json["command"]["value"], kWantedCommand);
  EXPECT_EQ(json["command"]["origin"], kDropInPath + ":4");
  EXPECT_EQ(json["user"]["value"], kWantedUser);
  EXPECT_EQ(json["user"]["origin"], kDropInPath + ":5");
  EXPECT_EQ(json["version"], EIC_VERSION);
  EXPECT_EQ(json["disabled_marker"], false);
  ASSERT_EQ(json["match"].size(), 2U);
  EXPECT_EQ(json["match"][0]["criteria"], "User bob");
  EXPECT_EQ(json["match"][1]["checked"], false);
}

TEST(Status, AFailureIsJsonForPrograms) {
  Host host;
  std::filesystem::remove(host.layout.root + "/etc/ssh/sshd_config");
  const Report report = Status(host.outside(), {true});
  EXPECT_EQ(report.status, ExitStatus::kUnchecked);
  const auto json = nlohmann::json::parse(report.output);
  EXPECT_EQ(json["version"], EIC_VERSION);
  EXPECT_EQ(json["failure"]["slug"], "no-sshd-config");
  EXPECT_THAT(report.errors, HasSubstr(json["failure"]["text"].get<std::string>()));
  EXPECT_EQ(Status(host.outside(), {false}).output, "");
}

TEST(Status, TellsForPeople) {
  Host host;
  host.Boot(
      "/usr/sbin/sshd -D -o AuthorizedKeysCommand /usr/bin/other -o "
      "AuthorizedKeysCommandUser nobody");
  const Report report = Status(host.outside(), {false});
  EXPECT_THAT(report.output, HasSubstr("EC2 Instance Connect: disabled, version " EIC_VERSION));
  EXPECT_THAT(report.output,
              HasSubstr("command: /usr/bin/other  (command line of the running sshd, process 77)"));
}

TEST(Status, AHandWrittenPathOfTheShellAgentThatLeadsToUsIsEnabled) {
  Host host;
  host.Write(std::string(kAgentPath), "");
  std::filesystem::create_directories(host.layout.root + "/opt/aws/bin");
  std::filesystem::create_symlink(kAgentPath,
                                  host.layout.root + "/opt/aws/bin/eic_run_authorized_keys");
  host.Write("/etc/ssh/sshd_config", kStockConfig + kShellAgentLines);
  EXPECT_THAT(Status(host.outside(), {false}).output, HasSubstr("enabled"));
}

}  // namespace
}  // namespace eic::admin
