#include "core/instance_id.h"

#include <gtest/gtest.h>

#include <string>

namespace eic {
namespace {

TEST(IsInstanceId, AcceptsBothLengthsAndWhatMayCome) {
  EXPECT_TRUE(IsInstanceId("i-01234567"));
  EXPECT_TRUE(IsInstanceId("i-0123456789abcdef0"));
  EXPECT_TRUE(IsInstanceId("i-" + std::string(32, 'a')));
}

TEST(IsInstanceId, RefusesTheRest) {
  EXPECT_FALSE(IsInstanceId(""));
  EXPECT_FALSE(IsInstanceId("i-"));
  EXPECT_FALSE(IsInstanceId("i-0123456"));
  EXPECT_FALSE(IsInstanceId("i-" + std::string(33, 'a')));
  EXPECT_FALSE(IsInstanceId("i-0123456g"));
  EXPECT_FALSE(IsInstanceId("i-0123456A"));
  EXPECT_FALSE(IsInstanceId("I-01234567"));
  EXPECT_FALSE(IsInstanceId("mi-01234567"));
  EXPECT_FALSE(IsInstanceId(" i-01234567"));
  EXPECT_FALSE(IsInstanceId("i-01234567 "));
  EXPECT_FALSE(IsInstanceId("i-01234567\n"));
  EXPECT_FALSE(IsInstanceId(std::string_view("i-01234567\0", 11)));
  EXPECT_FALSE(IsInstanceId("Amazon EC2"));
}

}  // namespace
}  // namespace eic
