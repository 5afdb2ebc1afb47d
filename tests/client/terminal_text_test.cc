#include "client/terminal_text.h"

#include <gtest/gtest.h>

namespace eic::client {
namespace {

TEST(TerminalText, HoldsNothingThatSteers) {
  struct Row {
    const char* what;
    const char* text;
    const char* safe;
  };
  const Row rows[] = {
      {"plain", "web-1 \"a\" \\", "web-1 \"a\" \\"},
      {"other languages", "\xe6\x97\xa5\xe6\x9c\xac \xc3\xa4 \xf0\x9f\x98\x80",
       "\xe6\x97\xa5\xe6\x9c\xac \xc3\xa4 \xf0\x9f\x98\x80"},
      {"an escape sequence", "\x1b]0;x\x07", "\\x1b]0;x\\x07"},
      {"a line end", "a\r\nb", "a\\x0d\\x0ab"},
      {"C1",
       "\xc2\x9b"
       "2J",
       "\\xc2\\x9b2J"},
      {"a mark of direction",
       "a\xe2\x80\xae"
       "b",
       "a\\xe2\\x80\\xaeb"},
      {"half a character", "a\xc3", "a\\xc3"},
      {"a byte of none", "\xff", "\\xff"},
      {"a form that is too long", "\xc0\xaf", "\\xc0\\xaf"},
      {"half of a pair", "\xed\xa0\x80", "\\xed\\xa0\\x80"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.what);
    EXPECT_EQ(TerminalLine(row.text, 1000), row.safe);
  }
  EXPECT_EQ(TerminalLines("a\nb\r", 1000), "a\nb\\x0d");
}

TEST(TerminalText, IsCutBetweenCharacters) {
  EXPECT_EQ(TerminalLine("abcdefgh", 8), "abcdefgh");
  EXPECT_EQ(TerminalLine("abcdefghi", 8), "abcde...");
  EXPECT_EQ(TerminalLine("\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4", 8), "\xc3\xa4\xc3\xa4...");
  EXPECT_EQ(TerminalLine("\x1b\x1b\x1b", 8), "\\x1b...");
  EXPECT_EQ(TerminalColumns("\xc3\xa4"
                            "b"),
            2U);
  EXPECT_EQ(CutToColumns("\xc3\xa4"
                         "bcdef",
                         5),
            "\xc3\xa4"
            "b...");
  EXPECT_EQ(CutToColumns("abc", 3), "abc");
  EXPECT_EQ(CutToColumns("abcd", 2), "..");
}

}  // namespace
}  // namespace eic::client
