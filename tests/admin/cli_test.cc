#include "admin/cli.h"

#include <gtest/gtest.h>

namespace eic::admin {
namespace {

std::variant<Options, int> Parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "ec2-instance-connect");
  return ParseCommandLine(static_cast<int>(arguments.size()), arguments.data());
}

TEST(Cli, SubcommandsAndTheirOptionsAreRead) {
  const auto enable = std::get<Options>(Parse({"enable", "--replace", "--if-not-disabled"}));
  EXPECT_FALSE(std::get<EnableOptions>(enable.command).no_reload);
  EXPECT_TRUE(std::get<EnableOptions>(enable.command).replace);
  EXPECT_TRUE(std::get<EnableOptions>(enable.command).if_not_disabled);
  const auto disable = std::get<Options>(Parse({"--root", "/tmp", "disable", "--for-removal"}));
  EXPECT_TRUE(std::get<DisableOptions>(disable.command).for_removal);
  EXPECT_EQ(disable.root, "/tmp");
  const auto quiet = std::get<Options>(Parse({"enable", "--no-reload"}));
  EXPECT_TRUE(std::get<EnableOptions>(quiet.command).no_reload);
  const auto status = std::get<Options>(Parse({"--sshd", "/x", "status", "--json"}));
  EXPECT_TRUE(std::get<StatusOptions>(status.command).json);
  EXPECT_EQ(status.sshd, "/x");
}

TEST(Cli, DoctorAndExplainTakeWhomAndHow) {
  using Form = DoctorOptions::Form;
  const auto plain = std::get<Options>(Parse({"doctor"}));
  EXPECT_EQ(std::get<DoctorOptions>(plain.command).form, Form::kText);
  EXPECT_EQ(std::get<DoctorOptions>(plain.command).user, "");
  const auto json = std::get<Options>(Parse({"doctor", "--user", "alice", "--json"}));
  EXPECT_EQ(std::get<DoctorOptions>(json.command).form, Form::kJson);
  EXPECT_EQ(std::get<DoctorOptions>(json.command).user, "alice");
  const auto quiet = std::get<Options>(Parse({"doctor", "--quiet"}));
  EXPECT_EQ(std::get<DoctorOptions>(quiet.command).form, Form::kQuiet);
  const auto checks = std::get<Options>(Parse({"doctor", "--checks"}));
  EXPECT_TRUE(std::get<DoctorOptions>(checks.command).lists_checks);
  const auto explain = std::get<Options>(Parse({"explain", "alice", "SHA256:x"}));
  EXPECT_EQ(std::get<ExplainOptions>(explain.command).user, "alice");
  EXPECT_EQ(std::get<ExplainOptions>(explain.command).fingerprint, "SHA256:x");
  const auto odd = std::get<Options>(Parse({"explain", "--", "-alice"}));
  EXPECT_EQ(std::get<ExplainOptions>(odd.command).user, "-alice");
}

TEST(Cli, HelpAndVersionAreNoErrors) {
  EXPECT_EQ(std::get<int>(Parse({"--help"})), 0);
  EXPECT_EQ(std::get<int>(Parse({"--version"})), 0);
  EXPECT_EQ(std::get<int>(Parse({"enable", "--help"})), 0);
}

TEST(Cli, WrongUsageIsStatus2) {
  const std::vector<const char*> kWrong[] = {
      {},
      {"fly"},
      {"enable", "--nope"},
      {"enable", "now"},
      {"enable", "disable"},
      {"status", "--replace"},
      {"doctor", "--quiet", "--json"},
      {"doctor", "alice"},
      {"doctor", "--user"},
      {"explain"},
      {"explain", "alice", "SHA256:x", "more"},
      {"--root", "/no/such/folder", "status"},
      {"--root", "tmp", "status"},
  };
  for (const auto& arguments : kWrong) EXPECT_EQ(std::get<int>(Parse(arguments)), 2);
}

}  // namespace
}  // namespace eic::admin
