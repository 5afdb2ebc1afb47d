#include "admin/sshd/config_text.h"

#include <gtest/gtest.h>

#include <random>

#include "admin/sshd/sshd_config.h"
#include "tests/admin/support.h"

namespace eic::admin {
namespace {

constexpr unsigned kSeed = 20260314;
constexpr int kConfigs = 400;

// A configuration as people write them: comments, Match blocks, both line ends, no last line feed.
std::string RandomConfig(std::mt19937& random) {
  static const std::vector<std::string> kLines = {
      "",
      "   ",
      "# a comment",
      "#AuthorizedKeysCommand none",
      "\t# AuthorizedKeysCommandUser nobody",
      "Port 22",
      "  UsePAM yes",
      "AuthorizedKeysCommand /usr/bin/other %u",
      "authorizedkeyscommand=/usr/bin/third",
      "AuthorizedKeysCommandUser \"nobody\"",
      "Include /etc/ssh/nothing/*.conf",
      "Match User alice,bob",
      "Match all",
      "    AuthorizedKeysCommand none",
      "Subsystem sftp internal-sftp # END",
      "Banner /etc/\xe9t\xe9",
      "#\xff\xfe",
      "# BEGIN of something else",
  };
  const std::string line_end = random() % 3 == 0 ? "\r\n" : "\n";
  std::string text;
  const auto lines = random() % 14;
  for (auto i = lines; i > 0; --i) text += kLines[random() % kLines.size()] + line_end;
  if (!text.empty() && random() % 2 == 0) text.pop_back();
  return text;
}

TEST(ConfigText, TwiceIsOnceAndBackIsTheOriginal) {
  std::mt19937 random(kSeed);
  for (int i = 0; i < kConfigs; ++i) {
    const std::string original = RandomConfig(random);
    const std::string once = AddBlock(original);
    ASSERT_EQ(AddBlock(once), once) << original;
    ASSERT_EQ(RemoveBlock(once), original) << original;
    ASSERT_EQ(GiveBack(RemoveBlock(once)), original) << original;
    ASSERT_TRUE(HasBlock(once));
    ASSERT_FALSE(EditedLine(once));
  }
}

TEST(ConfigText, TheBlockCountsAndStandsInNoMatchBlock) {
  std::mt19937 random(kSeed + 1);
  for (int i = 0; i < kConfigs; ++i) {
    Host host;
    const std::string original = RandomConfig(random);
    host.Write("/etc/ssh/sshd_config", AddBlock(original));
    const SshdConfig config = ReadSshdConfig(Tree(host.layout), "/etc/ssh/sshd_config");
    ASSERT_GE(config.settings.size(), 2U);
    ASSERT_EQ(config.settings[0].value, kWantedCommand);
    ASSERT_FALSE(config.settings[0].match_block);
    ASSERT_EQ(config.settings[1].value, kWantedUser);
    ASSERT_FALSE(config.settings[1].match_block);
  }
}

TEST(ConfigText, LinesSetAsideComeBack) {
  std::mt19937 random(kSeed + 2);
  for (int i = 0; i < kConfigs; ++i) {
    const std::string original = RandomConfig(random);
    std::set<std::size_t> lines;
    for (std::size_t line = 1; line <= SplitLines(original).size(); ++line) {
      if (random() % 3 == 0) lines.insert(line);
    }
    const std::string aside = SetAside(original, lines);
    ASSERT_EQ(HasSetAside(aside), !lines.empty());
    ASSERT_EQ(GiveBack(aside), original);
    ASSERT_EQ(GiveBack(RemoveBlock(AddBlock(aside))), original);
  }
}

TEST(ConfigText, RemovesTheBlockWhereverItStands) {
  const std::string block(WantedBlock());
  const std::string begin = std::string(kBlockBegin) + "\n";
  const std::string end = std::string(kBlockEnd) + "\n";
  const std::string command = "AuthorizedKeysCommand " + std::string(kWantedCommand);
  const std::string user = "AuthorizedKeysCommandUser ec2-instance-connect\n";
  struct Row {
    const char* defect;
    std::string text;
    std::string rest;
  };
  const Row kRows[] = {
      {"moved down", "Port 22\n" + block + "UsePAM no\n", "Port 22\nUsePAM no\n"},
      {"there twice", block + "Port 22\n" + block, "Port 22\n"},
      {"end mark lost", block.substr(0, block.rfind("# END")) + "Port 22\n", "Port 22\n"},
      {"end mark lost, nothing behind", block.substr(0, block.rfind("# END")), ""},
      {"last line feed lost", "Port 22\n" + block.substr(0, block.size() - 1), "Port 22\n"},
      {"blanks behind the marks",
       std::string(kBlockBegin) + "  \n# x\n" + std::string(kBlockEnd) + "\t\r\nPort 22",
       "Port 22"},
      {"end mark lost, and another block behind",
       block.substr(0, block.rfind("# END")) + "# a\nAllowUsers alice\n" + block + "Port 22\n",
       "# a\nAllowUsers alice\nPort 22\n"},
      {"settings commented out, a line added",
       begin + "#AuthorizedKeysCommand none\nAllowUsers alice\n" + end + "Port 22\n",
       "AllowUsers alice\nPort 22\n"},
      {"a Match block added",
       begin + command + " --timeout 3\n" + user + "Match User bob\n  PermitTTY no\n" + end,
       "Match User bob\n  PermitTTY no\n"},
      {"our command with another user",
       begin + command + "\nAuthorizedKeysCommandUser nobody\n" + end, ""},
      {"the settings of somebody else",
       begin + "AuthorizedKeysCommand /usr/bin/other\n" + user + end,
       "AuthorizedKeysCommand /usr/bin/other\n" + user},
      {"none for the command", begin + "AuthorizedKeysCommand none\n" + user + end,
       "AuthorizedKeysCommand none\n"},
      {"last line feed lost, a line added", begin + "AllowUsers alice", "AllowUsers alice"},
      {"begin mark alone", std::string(kBlockBegin) + "\nPort 22\n", "Port 22\n"},
      {"end mark alone", std::string(kBlockEnd) + "\nPort 22\n",
       std::string(kBlockEnd) + "\nPort 22\n"},
  };
  for (const Row& row : kRows) EXPECT_EQ(RemoveBlock(row.text), row.rest) << row.defect;
}

TEST(ConfigText, AnEditedBlockIsKnown) {
  const std::string block(WantedBlock());
  EXPECT_FALSE(EditedLine(block));
  EXPECT_FALSE(EditedLine("Port 22\n"));
  std::string text = block;
  text.insert(text.find(" -- "), " --timeout 9");
  EXPECT_EQ(EditedLine(text), 4U);
  EXPECT_EQ(EditedLine("Port 22\n" + block + text), 11U) << "the second block";
  text = block;
  text.insert(text.find("# END"), "# AllowGroups admins, ticket 4711\n");
  EXPECT_EQ(EditedLine(text), 6U) << "a comment";
}

TEST(ConfigText, TheBlockIsTheTemplate) {
  std::ifstream file(std::string(EIC_SOURCE_DIR) + "/sshd_config.d/60-ec2-instance-connect.conf");
  std::ostringstream text;
  text << file.rdbuf();
  std::string expected = text.str();
  const std::string variable = "@EIC_LIBEXECDIR@";
  expected.replace(expected.find(variable), variable.size(), EIC_LIBEXECDIR);
  EXPECT_EQ(WantedBlock(), expected);
  EXPECT_NE(expected.find("\nAuthorizedKeysCommand " + std::string(kWantedCommand) + "\n"),
            std::string::npos);
}

}  // namespace
}  // namespace eic::admin
