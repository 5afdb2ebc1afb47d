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
  EXPECT_TRUE(std::get<EnableOptions>(enable.command).replace);
  EXPECT_TRUE(std::get<EnableOptions>(enable.command).if_not_disabled);
  const auto disable = std::get<Options>(Parse({"--root", "/tmp", "disable", "--for-removal"}));
  EXPECT_TRUE(std::get<DisableOptions>(disable.command).for_removal);
  EXPECT_EQ(disable.root, "/tmp");
  const auto status = std::get<Options>(Parse({"--sshd", "/x", "status", "--json"}));
  EXPECT_TRUE(std::get<StatusOptions>(status.command).json);
  EXPECT_EQ(status.sshd, "/x");
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
      {"--root", "/no/such/folder", "status"},
      {"--root", "tmp", "status"},
  };
  for (const auto& arguments : kWrong) EXPECT_EQ(std::get<int>(Parse(arguments)), 2);
}

}  // namespace
}  // namespace eic::admin
