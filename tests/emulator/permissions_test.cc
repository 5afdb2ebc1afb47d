#include "emulator/api/permissions.h"

#include <gtest/gtest.h>

namespace eic::emulator {
namespace {

TEST(Permissions, ActionsAreAllowedByNameOrWildcard) {
  Credential caller = ExampleCredential();
  EXPECT_TRUE(MayDo(caller, "ec2:DescribeInstances"));
  caller.actions = std::vector<std::string>{"ec2:Describe*"};
  EXPECT_TRUE(MayDo(caller, "ec2:DescribeImages"));
  EXPECT_FALSE(MayDo(caller, "ec2-instance-connect:SendSSHPublicKey"));
  caller.actions = std::vector<std::string>{};
  EXPECT_FALSE(MayDo(caller, "ec2:DescribeImages"));
}

TEST(Permissions, APatternThatAllowsNothingIsTold) {
  for (const char* good : {"*", "ec2:*", "sts:AssumeRole", "ec2-instance-connect:Send*"}) {
    EXPECT_TRUE(AllowsAnything(good)) << good;
  }
  for (const char* bad : {"", "ec2:DescribeInstance", "s3:*", "ec2"}) {
    EXPECT_FALSE(AllowsAnything(bad)) << bad;
  }
}

TEST(Permissions, ARoleTrustsWhomItNames) {
  const Credential alice{"A", "s", "", "arn:aws:iam::123456789012:user/alice", std::nullopt};
  Credential session = alice;
  session.principal = "arn:aws:sts::123456789012:assumed-role/web/i-1";
  session.role_arn = "arn:aws:iam::123456789012:role/web";
  Role role;
  EXPECT_TRUE(Trusts(role, alice));
  struct Row {
    const char* trusted;
    bool alice;
    bool session;
  };
  const Row kRows[] = {
      {"*", true, true},
      {"123456789012", true, true},
      {"arn:aws:iam::123456789012:root", true, true},
      {"arn:aws:iam::123456789012:user/alice", true, false},
      {"arn:aws:iam::123456789012:role/web", false, true},
      {"arn:aws:sts::123456789012:assumed-role/web/i-1", false, true},
      {"arn:aws:iam::210987654321:root", false, false},
      {"arn:aws:iam::123456789012:user/bob", false, false},
  };
  for (const Row& row : kRows) {
    role.trusts = std::vector<std::string>{row.trusted};
    EXPECT_EQ(Trusts(role, alice), row.alice) << row.trusted;
    EXPECT_EQ(Trusts(role, session), row.session) << row.trusted;
  }
  role.trusts = std::vector<std::string>{};
  EXPECT_FALSE(Trusts(role, alice));
}

}  // namespace
}  // namespace eic::emulator
