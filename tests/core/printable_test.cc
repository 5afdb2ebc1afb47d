// Goal of this test: no text of a stranger's can end a quoted string, begin a line, or fill a log.
#include "core/printable.h"

#include <gtest/gtest.h>

namespace eic {
namespace {

struct Row {
  const char* name;
  std::string text;
  std::size_t bytes_max;
  std::string expected;
};

class PrintableText : public ::testing::TestWithParam<Row> {};

TEST_P(PrintableText, IsSafe) {
  EXPECT_EQ(Printable(GetParam().text, GetParam().bytes_max), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    All, PrintableText,
    ::testing::Values(Row{"Plain", "arn:aws:iam::1:user/al ice", 64, "arn:aws:iam::1:user/al ice"},
                      Row{"Empty", "", 64, ""}, Row{"Quote", "a\"b", 64, "a\\x22b"},
                      Row{"Backslash", "a\\x41", 64, "a\\x5cx41"},
                      Row{"LineEnds", "a\r\nb", 64, "a\\x0d\\x0ab"},
                      Row{"Nul", std::string("a\0b", 3), 64, "a\\x00b"},
                      Row{"Escape", "\x1b[2J", 64, "\\x1b[2J"}, Row{"Delete", "\x7f", 64, "\\x7f"},
                      Row{"HighBytes", "\xc3\xab\xff", 64, "\\xc3\\xab\\xff"},
                      Row{"ExactlyAtTheLimit", "12345678", 8, "12345678"},
                      Row{"OneOverTheLimit", "123456789", 8, "12345..."},
                      Row{"EscapeAtTheLimit", "1234\n", 8, "1234\\x0a"},
                      Row{"EscapeOverTheLimit", "12345\n", 8, "12345..."},
                      Row{"EscapeIsNotCutInHalf", "123\n567", 8, "123..."},
                      Row{"LimitBelowTheMark", "12345", 2, ".."}, Row{"NoRoomAtAll", "1", 0, ""}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(PrintableLimit, IsNeverPassed) {
  const std::string text("ab\n\xff\"cdef\\ghij");
  for (std::size_t bytes_max = 0; bytes_max < 40; ++bytes_max) {
    EXPECT_LE(Printable(text, bytes_max).size(), bytes_max);
  }
}

TEST(PrintableLines, KeepsLinesAndNothingThatATerminalObeys) {
  EXPECT_EQ(PrintableLines("a \"b\" \\\n\x1b[2Jc\r\n\td\xc3\xab\x7f"),
            "a \"b\" \\\n\\x1b[2Jc\\x0d\n\\x09d\\xc3\\xab\\x7f");
  EXPECT_EQ(PrintableLines(""), "");
}

TEST(PrintableLine, IsOneLine) {
  EXPECT_EQ(PrintableLine("sshd: no\r\n\tline 3\x1b[2J\n \n"), "sshd: no   line 3\\x1b[2J");
  EXPECT_EQ(PrintableLine(" \n\n"), "");
  EXPECT_EQ(PrintableLine(""), "");
}

}  // namespace
}  // namespace eic
