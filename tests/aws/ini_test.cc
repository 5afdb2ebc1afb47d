// What the form of AWS's files means; same_as_botocore.py compares whole files with botocore.
#include "aws/ini.h"

#include <gtest/gtest.h>

#include "aws/limits.h"

namespace eic::aws {
namespace {

IniSection Only(const char* text) {
  const auto sections = ParseIni(text, "FILE");
  EXPECT_TRUE(sections) << text;
  if (!sections || sections->size() != 1) return {};
  return sections->front();
}

TEST(ParseIni, ReadsNamesAndValues) {
  const IniSection section = Only("[a b] ignored\nX = 1 = 2\ny:z # kept\nempty =\n");
  EXPECT_EQ(section.name, "a b");
  EXPECT_EQ(section.values.at("x").text, "1 = 2");
  EXPECT_EQ(section.values.at("y").text, "z # kept");
  EXPECT_EQ(section.values.at("empty").text, "");
}

TEST(ParseIni, GoesOnWithDeeperLines) {
  const IniSection section = Only("[a]\nx = 1\n  2\n\n # no comment ends it\n  3\ny = 4\n\n");
  EXPECT_EQ(section.values.at("x").text, "1\n2\n\n3");
  EXPECT_EQ(section.values.at("y").text, "4");
}

TEST(ParseIni, ReadsOneLevelOfNestedKeys) {
  const IniSection section = Only("[services s]\nec2 =\n  endpoint_url = http://a:1\n  B=c\n");
  const IniValue& value = section.values.at("ec2");
  EXPECT_EQ(value.nested.at("endpoint_url"), "http://a:1");
  EXPECT_EQ(value.nested.at("B"), "c");
}

TEST(ParseIni, SaysWhereAndWhatIsWrong) {
  const std::pair<const char*, const char*> rows[] = {
      {"x = 1\n", "FILE line 1: it is before the first [section]"},
      {"[a]\n\nword\n", "FILE line 3: neither a [section], nor NAME = VALUE, nor a comment"},
      {"[a]\n= 1\n", "FILE line 2: no name before the ="},
      {"[a]\nx = 1\nX = 2\n", "FILE line 3: x is set twice in this section"},
      {"[a]\n[b]\n[a]\n", "FILE: section [a] is there twice"},
      {"[]\n", "FILE line 1: it is before the first [section]"},
      {"[a]\nx =\n  word\n", "FILE: below x: \"word\" is not NAME = VALUE"},
      {"[a]\nx = caf\xE9\n", "FILE is not UTF-8 text"},
  };
  for (const auto& [text, message] : rows) {
    const auto sections = ParseIni(text, "FILE");
    ASSERT_FALSE(sections) << text;
    EXPECT_EQ(sections.error().message, message);
    EXPECT_EQ(sections.error().code, "BadConfiguration");
    EXPECT_FALSE(sections.error().advice.empty());
  }
}

TEST(ParseIni, HasALimitOfSections) {
  std::string text;
  for (std::size_t i = 0; i <= kConfigSectionsMax; ++i) text += "[" + std::to_string(i) + "]\n";
  const auto sections = ParseIni(text, "FILE");
  ASSERT_FALSE(sections);
  EXPECT_NE(sections.error().message.find("20000 sections"), std::string::npos);
}

}  // namespace
}  // namespace eic::aws
