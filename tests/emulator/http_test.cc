#include "emulator/http.h"

#include <gtest/gtest.h>

namespace eic::emulator {
namespace {

TEST(Http, PercentEncodingIsUndone) {
  EXPECT_EQ(PercentDecode("plain"), "plain");
  EXPECT_EQ(PercentDecode("a%40b%2Fc%2fd"), "a@b/c/d");
  EXPECT_EQ(PercentDecode("a+b"), "a+b");
  EXPECT_EQ(PercentDecode("%00"), std::string(1, '\0'));
  EXPECT_EQ(PercentDecode("%2540"), "%40");
  EXPECT_EQ(PercentDecode(""), "");
}

TEST(Http, WrongPercentEncodingIsNothing) {
  for (const char* text : {"%", "%4", "%4g", "%g4", "abc%", "%%40"}) {
    EXPECT_EQ(PercentDecode(text), std::nullopt) << text;
  }
}

TEST(Http, AQueryGivesItsValues) {
  EXPECT_EQ(QueryValue("user=a%40b", "user"), "a@b");
  EXPECT_EQ(QueryValue("x=1&user=u&user=v", "user"), "u");
  EXPECT_EQ(QueryValue("user=", "user"), "");
  for (const char* query : {"", "&", "user", "users=1", "x=user", "user=%"}) {
    EXPECT_EQ(QueryValue(query, "user"), std::nullopt) << query;
  }
}

}  // namespace
}  // namespace eic::emulator
