// Goal of this test: the cursors stay inside the bytes that they borrow.
#include "core/bytes.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace eic {
namespace {

std::vector<std::string> LinesOf(std::string_view text) {
  std::vector<std::string> lines;
  LineCursor cursor(text);
  while (!cursor.AtEnd()) lines.emplace_back(cursor.Next());
  return lines;
}

using Lines = std::vector<std::string>;

TEST(LineCursor, ReadsLines) {
  EXPECT_EQ(LinesOf(""), Lines{});
  EXPECT_EQ(LinesOf("\n"), Lines{""});
  EXPECT_EQ(LinesOf("a"), Lines{"a"});
  EXPECT_EQ(LinesOf("a\n"), Lines{"a"});
  EXPECT_EQ(LinesOf("a\n\nb"), (Lines{"a", "", "b"}));
  EXPECT_EQ(LinesOf("a\r\nb\rc\n"), (Lines{"a\r", "b\rc"}));
  EXPECT_EQ(LinesOf(std::string_view("a\0b\nc", 5)), (Lines{std::string("a\0b", 3), "c"}));
}

TEST(LineCursor, PeekDoesNotMove) {
  LineCursor cursor("ab\ncd");
  EXPECT_EQ(cursor.Peek(), "ab");
  EXPECT_EQ(cursor.position(), 0U);
  EXPECT_EQ(cursor.Next(), "ab");
  EXPECT_EQ(cursor.position(), 3U);
}

TEST(SshWireCursor, ReadsStringsUpToTheEnd) {
  SshWireCursor cursor(std::string_view("\0\0\0\2ab\0\0\0\0", 10));
  EXPECT_EQ(cursor.NextString(), "ab");
  EXPECT_EQ(cursor.NextString(), "");
  EXPECT_TRUE(cursor.AtEnd());
  EXPECT_EQ(cursor.NextString(), std::nullopt);
}

TEST(SshWireCursor, RefusesWhatIsNotThere) {
  EXPECT_EQ(SshWireCursor(std::string_view("\0\0\0", 3)).NextString(), std::nullopt);
  EXPECT_EQ(SshWireCursor(std::string_view("\0\0\0\3ab", 6)).NextString(), std::nullopt);
  EXPECT_EQ(SshWireCursor(std::string_view("\xff\xff\xff\xff", 4)).NextString(), std::nullopt);
  EXPECT_EQ(SshWireCursor(std::string_view("\x80\0\0\0ab", 6)).NextString(), std::nullopt);
}

TEST(WithoutLineEnd, TakesAwayLineEndsAlone) {
  EXPECT_EQ(WithoutLineEnd("us-west-2"), "us-west-2");
  EXPECT_EQ(WithoutLineEnd("us-west-2\r\n\n"), "us-west-2");
  EXPECT_EQ(WithoutLineEnd("us-west-2 \n"), "us-west-2 ");
  EXPECT_EQ(WithoutLineEnd("\n"), "");
}

TEST(IsBlank, KnowsBlanks) {
  EXPECT_TRUE(IsBlank(""));
  EXPECT_TRUE(IsBlank(" \t\r"));
  EXPECT_FALSE(IsBlank(" x"));
  EXPECT_FALSE(IsBlank(std::string_view("\0", 1)));
}

}  // namespace
}  // namespace eic
