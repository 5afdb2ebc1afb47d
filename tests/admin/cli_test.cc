#include "admin/cli.h"

#include <gtest/gtest.h>

namespace eic::admin {
namespace {

Result<Options, ExitStatus> Parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "ec2-instance-connect");
  return ParseCommandLine(static_cast<int>(arguments.size()), arguments.data());
}

TEST(Cli, SubcommandsAndTheirOptionsAreRead) {
  const auto enable = *Parse({"enable", "--replace", "--if-not-disabled"});
  EXPECT_FALSE(std::get<EnableOptions>(enable.subcommand).no_reload);
  EXPECT_EQ(std::get<EnableOptions>(enable.subcommand).intent, Intent::kReplace);
  EXPECT_TRUE(std::get<EnableOptions>(enable.subcommand).if_not_disabled);
  const auto disable = *Parse({"--root", "/tmp", "disable", "--for-removal"});
  EXPECT_TRUE(std::get<DisableOptions>(disable.subcommand).for_removal);
  EXPECT_EQ(disable.root, "/tmp");
  const auto quiet = *Parse({"enable", "--no-reload"});
  EXPECT_TRUE(std::get<EnableOptions>(quiet.subcommand).no_reload);
  const auto status = *Parse({"--sshd", "/x", "status", "--json"});
  EXPECT_TRUE(std::get<StatusOptions>(status.subcommand).json);
  EXPECT_EQ(status.sshd, "/x");
}

TEST(Cli, SessionsTakesATimeThatBeginsWithAHyphen) {
  const auto plain = *Parse({"sessions"});
  EXPECT_FALSE(std::get<SessionsOptions>(plain.subcommand).json);
  EXPECT_EQ(std::get<SessionsOptions>(plain.subcommand).since, "-7d");
  const auto since = *Parse({"sessions", "--json", "--since", "-1h"});
  EXPECT_TRUE(std::get<SessionsOptions>(since.subcommand).json);
  EXPECT_EQ(std::get<SessionsOptions>(since.subcommand).since, "-1h");
}

TEST(Cli, ALabelOfTheCallerIsAskedForAndNotBesideTheChain) {
  const auto plain = *Parse({"enable"});
  EXPECT_FALSE(std::get<EnableOptions>(plain.subcommand).caller_environment);
  const auto label = *Parse({"enable", "--caller-environment"});
  EXPECT_TRUE(std::get<EnableOptions>(label.subcommand).caller_environment);
  EXPECT_EQ(Parse({"enable", "--caller-environment", "--chain"}).error(), ExitStatus::kUsage);
}

TEST(Cli, WhatAsksTheRunningSystemTakesNoOtherTree) {
  EXPECT_EQ(Parse({"--root", "/tmp", "explain", "alice"}).error(), ExitStatus::kUsage);
  EXPECT_EQ(Parse({"--root", "/tmp", "sessions"}).error(), ExitStatus::kUsage);
  EXPECT_TRUE(Parse({"--root", "/", "explain", "alice"}));
  EXPECT_TRUE(Parse({"--root", "/tmp", "doctor"}));
}

TEST(Cli, DoctorAndExplainTakeWhomAndHow) {
  using Form = DoctorOptions::Form;
  const auto plain = *Parse({"doctor"});
  EXPECT_EQ(std::get<DoctorOptions>(plain.subcommand).form, Form::kText);
  EXPECT_EQ(std::get<DoctorOptions>(plain.subcommand).user, "");
  const auto json = *Parse({"doctor", "--user", "alice", "--json"});
  EXPECT_EQ(std::get<DoctorOptions>(json.subcommand).form, Form::kJson);
  EXPECT_EQ(std::get<DoctorOptions>(json.subcommand).user, "alice");
  const auto quiet = *Parse({"doctor", "--quiet"});
  EXPECT_EQ(std::get<DoctorOptions>(quiet.subcommand).form, Form::kQuiet);
  const auto login = *Parse({"doctor", "--user", "alice", "--login"});
  EXPECT_TRUE(std::get<DoctorOptions>(login.subcommand).logs_in);
  EXPECT_FALSE(std::get<DoctorOptions>(json.subcommand).logs_in);
  const auto account = *Parse({"doctor", "--user", "alice", "--account"});
  EXPECT_TRUE(std::get<DoctorOptions>(account.subcommand).asks_pam);
  EXPECT_FALSE(std::get<DoctorOptions>(login.subcommand).asks_pam);
  const auto checks = *Parse({"doctor", "--checks"});
  EXPECT_TRUE(std::get<DoctorOptions>(checks.subcommand).lists_checks);
  const auto explain = *Parse({"explain", "alice", "SHA256:x"});
  EXPECT_EQ(std::get<ExplainOptions>(explain.subcommand).user, "alice");
  EXPECT_EQ(std::get<ExplainOptions>(explain.subcommand).fingerprint, "SHA256:x");
  const auto odd = *Parse({"explain", "--", "-alice"});
  EXPECT_EQ(std::get<ExplainOptions>(odd.subcommand).user, "-alice");
}

TEST(Cli, HelpAndVersionAreNoErrors) {
  EXPECT_EQ(Parse({"--help"}).error(), ExitStatus::kDone);
  EXPECT_EQ(Parse({"--version"}).error(), ExitStatus::kDone);
  EXPECT_EQ(Parse({"enable", "--help"}).error(), ExitStatus::kDone);
}

TEST(Cli, WrongUsageIsStatus64) {
  const std::vector<const char*> kWrong[] = {
      {},
      {"fly"},
      {"enable", "--nope"},
      {"enable", "now"},
      {"enable", "disable"},
      {"status", "--replace"},
      {"enable", "--replace", "--chain"},
      {"doctor", "--quiet", "--json"},
      {"doctor", "alice"},
      {"doctor", "--login"},
      {"doctor", "--account"},
      {"doctor", "--user"},
      {"explain"},
      {"explain", "alice", "SHA256:x", "more"},
      {"--root", "/no/such/folder", "status"},
      {"--root", "tmp", "status"},
  };
  for (const auto& arguments : kWrong) {
    EXPECT_EQ(static_cast<int>(Parse(arguments).error()), 64);
  }
}

}  // namespace
}  // namespace eic::admin
