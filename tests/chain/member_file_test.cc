#include "chain/member_file.h"

#include <gtest/gtest.h>

namespace eic::chain {
namespace {

TEST(MemberFile, HasItsValues) {
  const auto member = ParseMemberFile("50-ldap.conf",
                                      "# LDAP\n\n  command =  /usr/bin/keys \"a b\" %u  \n"
                                      "user=nobody\n\ttimeout = 7\nconfine = yes");
  ASSERT_TRUE(member) << member.error().text;
  EXPECT_EQ(member->name, "50-ldap");
  EXPECT_EQ(member->command, "/usr/bin/keys \"a b\" %u");
  EXPECT_EQ(member->words, (std::vector<std::string>{"/usr/bin/keys", "a b", "%u"}));
  EXPECT_EQ(member->user, "nobody");
  EXPECT_EQ(member->time_limit.count(), 7);
  EXPECT_TRUE(member->is_confined);
}

TEST(MemberFile, HasDefaults) {
  const auto member = ParseMemberFile("a.conf", "command = /a\nuser = root\n");
  ASSERT_TRUE(member) << member.error().text;
  EXPECT_EQ(member->time_limit, kMemberTimeDefault);
  EXPECT_FALSE(member->is_confined);
  // As sshd does for a command without arguments.
  EXPECT_EQ(member->words, (std::vector<std::string>{"/a", "%u"}));
}

TEST(MemberFile, IsRefusedForOneDefect) {
  const std::string good = "command = /a %u\nuser = root\n";
  const struct {
    const char* what;
    std::string text;
    const char* words;
  } rows[] = {
      {"nothing", "", "`command` is missing"},
      {"no user", "command = /a\n", "`user` is missing"},
      {"no command", "user = root\n", "`command` is missing"},
      {"an unknown key", good + "colour = red\n", "line 3: unknown key `colour`"},
      {"a key in capitals", good + "Timeout = 3\n", "line 3: unknown key `Timeout`"},
      {"a key twice", good + "user = nobody\n", "line 3: `user` is set twice"},
      {"no equals sign", good + "timeout\n", "line 3 is not `KEY = VALUE`"},
      {"no value", good + "timeout =\n", "line 3: `timeout` has no value"},
      {"a control character", good + "# \r\n", "line 3 has a control character"},
      {"a NUL", good + std::string("timeout = 3\0\n", 13), "line 3 has a control character"},
      {"no time", good + "timeout = 0\n",
       "`timeout` must be a whole number of seconds from 1 to 60"},
      {"too much time", good + "timeout = 61\n",
       "`timeout` must be a whole number of seconds from 1 to 60"},
      {"a time with a unit", good + "timeout = 3s\n",
       "`timeout` must be a whole number of seconds from 1 to 60"},
      {"another word", good + "confine = maybe\n", "`confine` must be yes or no"},
      {"a relative path", "command = a\nuser = b\n",
       "`command` does not start with an absolute path"},
      {"an empty program", "command = \"\" a\nuser = b\n",
       "`command` does not start with an absolute path"},
      {"an open quote", "command = /a \"b\nuser = b\n", "`command` has a quote that is not closed"},
      {"an unknown token", "command = /a %Z\nuser = b\n",
       "`command`: sshd has no token %Z for AuthorizedKeysCommand"},
  };
  for (const auto& row : rows) {
    const auto member = ParseMemberFile("a.conf", row.text);
    ASSERT_FALSE(member) << row.what;
    EXPECT_EQ(member.error().text, row.words) << row.what;
  }
  EXPECT_FALSE(ParseMemberFile("a.conf", good + std::string(kMemberFileBytesMax, '#')));
  std::string many = "command = /a";
  for (std::size_t i = 0; i < kWordsMax; ++i) many += " x";
  EXPECT_EQ(ParseMemberFile("a.conf", many + "\nuser = b\n").error().text,
            "`command` has more than 64 words");
}

TEST(MemberFile, NamesArePlain) {
  for (const char* name : {"a.conf", "50-former.conf", "A_b.c-9.conf"}) {
    EXPECT_TRUE(IsMemberFileName(name)) << name;
  }
  for (const char* name : {"", ".conf", "a", "a.conf~", ".a.conf", "-a.conf", "a b.conf",
                           "a/b.conf", "\xc3\xa4.conf", "a\n.conf"}) {
    EXPECT_FALSE(IsMemberFileName(name)) << name;
  }
  EXPECT_FALSE(IsMemberFileName(std::string(60, 'a') + ".conf"));
}

TEST(MemberFile, ReadsAsItWasWritten) {
  const std::string command = "/a  \"b c\" %u # %%";
  for (const bool is_confined : {false, true}) {
    const auto member =
        ParseMemberFile("a.conf", FormatMemberFile("# x\n", command, "nobody", is_confined));
    ASSERT_TRUE(member) << member.error().text;
    EXPECT_EQ(member->command, command);
    EXPECT_EQ(member->user, "nobody");
    EXPECT_EQ(member->is_confined, is_confined);
  }
}

}  // namespace
}  // namespace eic::chain
