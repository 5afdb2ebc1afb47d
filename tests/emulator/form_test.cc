#include "emulator/api/form.h"

#include <gtest/gtest.h>

#include "emulator/limits.h"

namespace eic::emulator {
namespace {

TEST(Forms, NamesAndValuesAreDecoded) {
  const auto form = Form::Parse("Action=Describe&tag%3AName=a+b%2Bc&empty=&bare&&Action=second");
  ASSERT_TRUE(form);
  EXPECT_EQ(form->Get("Action"), "Describe");
  EXPECT_EQ(form->Get("tag:Name"), "a b+c");
  ASSERT_NE(form->Find("empty"), nullptr);
  EXPECT_EQ(form->Get("empty"), "");
  EXPECT_NE(form->Find("bare"), nullptr);
  EXPECT_EQ(form->Find("missing"), nullptr);
}

TEST(Forms, AListEndsWhereANumberIsMissing) {
  const auto form = Form::Parse("Id.1=a&Id.2=b&Id.4=d&Id.x=x");
  EXPECT_EQ(form->List("Id"), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(form->List("Other").empty());
}

TEST(Forms, WhatIsNoFormIsRefused) {
  for (const char* bad : {"a=%", "a=%4", "a=%zz", "%=a"}) EXPECT_FALSE(Form::Parse(bad)) << bad;
  std::string many;
  for (std::size_t i = 0; i <= kFormParametersMax; ++i) many += "a" + std::to_string(i) + "=&";
  EXPECT_FALSE(Form::Parse(many));
  EXPECT_TRUE(Form::Parse(many.substr(many.find('&') + 1)));
  EXPECT_TRUE(Form::Parse(""));
}

}  // namespace
}  // namespace eic::emulator
