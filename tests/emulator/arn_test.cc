#include "emulator/api/arn.h"

#include <gtest/gtest.h>

namespace eic::emulator {
namespace {

TEST(Arns, RolesAreTold) {
  for (const char* good :
       {"arn:aws:iam::123456789012:role/a", "arn:aws-cn:iam::123456789012:role/p/a"}) {
    EXPECT_TRUE(IsRoleArn(good)) << good;
  }
  for (const char* bad :
       {"", "arn", "arn:aws:iam::123456789012:role/", "arn:aws:iam::123456789012:user/a",
        "arn:aws:iam::12345678901:role/a", "arn:aws:iam::12345678901x:role/a",
        "arn:aws:sts::123456789012:role/a", "arn::iam::123456789012:role/a",
        "arn:aws:iam:us-west-2:123456789012:role/a", "arn:aws:iam::123456789012:role"}) {
    EXPECT_FALSE(IsRoleArn(bad)) << bad;
  }
}

TEST(Arns, ASessionsNameLeavesOutThePathOfItsRole) {
  EXPECT_EQ(AssumedRoleArn("arn:aws-us-gov:iam::123456789012:role/team/admin", "bob"),
            "arn:aws-us-gov:sts::123456789012:assumed-role/admin/bob");
  EXPECT_EQ(NameOfRole("arn:aws:iam::123456789012:role/team/admin"), "admin");
  EXPECT_EQ(AccountOf("arn:aws:iam::123456789012:root"), "123456789012");
  EXPECT_EQ(AccountOf("alice"), "");
}

TEST(Arns, UniqueIdsFollowFromTheArn) {
  const std::string id = UniqueId("AROA", "arn:aws:iam::123456789012:role/a");
  EXPECT_EQ(id.size(), 21U);
  EXPECT_EQ(id.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"), std::string::npos);
  EXPECT_EQ(id, UniqueId("AROA", "arn:aws:iam::123456789012:role/a"));
  EXPECT_NE(id, UniqueId("AROA", "arn:aws:iam::123456789012:role/b"));
}

}  // namespace
}  // namespace eic::emulator
