#include "host/users.h"

#include <gtest/gtest.h>

namespace eic {
namespace {

TEST(LookUpUserTest, KnownUserBearsTheNameOfNss) {
  const Result<std::string> user = LookUpUser("root");
  ASSERT_TRUE(user.ok());
  EXPECT_EQ(*user, "root");
}

TEST(LookUpUserTest, UnknownUsers) {
  for (const std::string& name :
       {std::string("eic-no-such-user"), std::string(255, 'x'), std::string("no such user"),
        std::string("root:x"), std::string("ROOT")}) {
    const Result<std::string> user = LookUpUser(name);
    ASSERT_FALSE(user.ok()) << name;
    EXPECT_EQ(user.error().reason, Reason::kUserUnknown) << name;
  }
}

}  // namespace
}  // namespace eic
