#include "chain/member_output.h"

#include <gtest/gtest.h>

#include "chain/limits.h"

namespace eic::chain {
namespace {

// All of `text` in pieces of `size`; why it is void, or its lines.
std::string Taken(const std::string& text, std::size_t size) {
  MemberOutput output;
  for (std::size_t at = 0; at < text.size(); at += size) output.Take(text.substr(at, size));
  output.End();
  return output.is_void() ? "void: " + output.why_void() : output.lines();
}

TEST(MemberOutput, IsWholeLinesOrNothing) {
  const std::string line = "ssh-ed25519 AAAA a\n";
  const struct {
    const char* what;
    std::string text;
    std::string result;
  } rows[] = {
      {"nothing", "", ""},
      {"a line", line, line},
      {"lines with options, tabs, blanks and UTF-8", "a=\"b\"\tc\n\n# \xc3\xa4\n" + line,
       "a=\"b\"\tc\n\n# \xc3\xa4\n" + line},
      {"a line that does not end", line + "ssh-ed25519 AA", "void: line-unended"},
      {"a NUL", line + std::string("a\0b\n", 4), "void: nul-byte"},
      {"a carriage return", "a\r\n", "void: control-byte"},
      {"an escape", line + "\033[2J\n", "void: control-byte"},
      {"DEL", line + "\x7f\n", "void: control-byte"},
      {"the longest line", std::string(kOutputLineBytesMax, 'a') + "\n",
       std::string(kOutputLineBytesMax, 'a') + "\n"},
      {"a longer one", line + std::string(kOutputLineBytesMax + 1, 'a') + "\n",
       "void: line-too-long"},
  };
  for (const auto& row : rows) {
    for (const std::size_t size : {std::size_t{1}, std::size_t{7}, std::size_t{1} << 20}) {
      EXPECT_EQ(Taken(row.text, size), row.result) << row.what << " in pieces of " << size;
    }
  }
}

TEST(MemberOutput, HasALimit) {
  std::string most;
  while (most.size() + 1024 <= kOutputBytesMax) most += std::string(1023, 'a') + "\n";
  EXPECT_EQ(Taken(most, 4096), most);
  EXPECT_EQ(Taken(most + "\n", 4096), "void: too-much");
}

TEST(MemberOutput, NothingComesBackOnceItIsVoid) {
  MemberOutput output;
  EXPECT_TRUE(output.Take("good\n"));
  EXPECT_FALSE(output.Take("\r"));
  EXPECT_FALSE(output.Take("good\n"));
  output.End();
  EXPECT_EQ(output.why_void(), "control-byte");
  EXPECT_EQ(output.lines(), "");
}

}  // namespace
}  // namespace eic::chain
