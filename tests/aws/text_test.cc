#include "aws/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace eic::aws {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// What Python 3.11's shlex.split gives.
TEST(SplitWords, SplitsAsPythonsShlexDoes) {
  const auto words = [](const char* text) { return *SplitWords(text); };
  EXPECT_THAT(words(""), IsEmpty());
  EXPECT_THAT(words("  \t\r\n"), IsEmpty());
  EXPECT_THAT(words("a  b\tc"), ElementsAre("a", "b", "c"));
  EXPECT_THAT(words("'a b' \"c d\""), ElementsAre("a b", "c d"));
  EXPECT_THAT(words("'' \"\""), ElementsAre("", ""));
  EXPECT_THAT(words("a'b'\"c\"d"), ElementsAre("abcd"));
  EXPECT_THAT(words("a\\ b \\'"), ElementsAre("a b", "'"));
  EXPECT_THAT(words(R"("a\"b\\c\d")"), ElementsAre(R"(a"b\c\d)"));
  EXPECT_THAT(words(R"('a\b')"), ElementsAre(R"(a\b)"));
  EXPECT_THAT(words("$HOME `x` #no-comment ;|&"),
              ElementsAre("$HOME", "`x`", "#no-comment", ";|&"));
}

TEST(SplitWords, RefusesWhatIsOpenAtTheEnd) {
  for (const char* text : {"'a", "\"a", "a\\", "\"a\\\""}) EXPECT_FALSE(SplitWords(text)) << text;
}

TEST(IsUtf8, TakesWhatRfc3629Takes) {
  for (const char* text : {"", "a", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"}) {
    EXPECT_TRUE(IsUtf8(text)) << text;
  }
  const std::pair<const char*, const char*> rows[] = {
      {"a byte that begins nothing", "\x80"}, {"cut short", "\xC3"},
      {"longer than needed", "\xC0\xAF"},     {"longer than needed, three", "\xE0\x80\xAF"},
      {"surrogate", "\xED\xA0\x80"},          {"beyond Unicode", "\xF4\x90\x80\x80"},
      {"no continuation", "\xE2\x28\xA1"},    {"Latin-1", "caf\xE9"},
  };
  for (const auto& [name, text] : rows) EXPECT_FALSE(IsUtf8(text)) << name;
}

TEST(PercentEncode, LeavesUnreservedCharactersAlone) {
  EXPECT_EQ(PercentEncode("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(PercentEncode("a b/c+d=&*\xC3\xA9"), "a%20b%2Fc%2Bd%3D%26%2A%C3%A9");
}

TEST(Capped, SaysThatItCut) {
  EXPECT_EQ(Capped("12345", 5), "12345");
  EXPECT_EQ(Capped("123456", 5), "12...");
}

TEST(Trimmed, TakesWhiteSpaceFromBothEnds) {
  EXPECT_EQ(Trimmed(" \t a b\r\n"), "a b");
  EXPECT_EQ(Trimmed(" \n"), "");
}

}  // namespace
}  // namespace eic::aws
