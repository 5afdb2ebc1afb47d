#include "admin/config_text.h"

#include <gtest/gtest.h>

#include <random>

#include "admin/sshd_config.h"
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
    ASSERT_TRUE(BlockIsUnedited(once));
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
       std::string(kBlockBegin) + "  \nx y\n" + std::string(kBlockEnd) + "\t\r\nPort 22",
       "Port 22"},
      {"begin mark alone", std::string(kBlockBegin) + "\nPort 22\n", "Port 22\n"},
      {"end mark alone", std::string(kBlockEnd) + "\nPort 22\n",
       std::string(kBlockEnd) + "\nPort 22\n"},
  };
  for (const Row& row : kRows) EXPECT_EQ(RemoveBlock(row.text), row.rest) << row.defect;
}

TEST(ConfigText, AnEditedBlockIsKnown) {
  std::string text(WantedBlock());
  EXPECT_TRUE(BlockIsUnedited(text));
  EXPECT_TRUE(BlockIsUnedited("Port 22\n"));
  text.insert(text.find(" -- "), " --timeout 9");
  EXPECT_FALSE(BlockIsUnedited(text));
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
