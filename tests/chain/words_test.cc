#include "chain/words.h"

#include <gtest/gtest.h>

namespace eic::chain {
namespace {

using Words = std::vector<std::string>;

TEST(SplitCommand, DividesAsSshdDoes) {
  const struct {
    const char* what;
    const char* command;
    Words words;
  } rows[] = {
      {"nothing", "", {}},
      {"blanks alone", " \t ", {}},
      {"blanks around", "  /a %u\t%f  ", {"/a", "%u", "%f"}},
      {"double quotes", "/a \"b  c\" d", {"/a", "b  c", "d"}},
      {"single quotes", "/a 'b \"c\"'", {"/a", "b \"c\""}},
      {"quotes within a word", "/a x=\"b c\"y", {"/a", "x=b cy"}},
      {"an empty word", "/a \"\" ''", {"/a", "", ""}},
      {"an escaped blank", "/a b\\ c", {"/a", "b c"}},
      {"an escaped blank in quotes stays two bytes", "/a \"b\\ c\"", {"/a", "b\\ c"}},
      {"an escaped quote", "/a \\\"b \"c\\\"d\"", {"/a", "\"b", "c\"d"}},
      {"an escaped backslash", "/a b\\\\c", {"/a", "b\\c"}},
      {"a backslash before anything else", "/a b\\nc", {"/a", "b\\nc"}},
      {"a backslash at the end", "/a b\\", {"/a", "b\\"}},
      {"what would be a comment elsewhere", "/a # b", {"/a", "#", "b"}},
  };
  for (const auto& row : rows) {
    const auto words = SplitCommand(row.command);
    ASSERT_TRUE(words) << row.what;
    EXPECT_EQ(*words, row.words) << row.what;
  }
}

TEST(SplitCommand, RefusesAQuoteThatIsNotClosed) {
  for (const char* command : {"/a \"b", "/a 'b", "/a \"b'", "/a \"b\\\""}) {
    EXPECT_FALSE(SplitCommand(command)) << command;
  }
}

}  // namespace
}  // namespace eic::chain
