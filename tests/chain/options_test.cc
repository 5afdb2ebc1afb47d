#include "chain/options.h"

#include <gtest/gtest.h>

#include <vector>

namespace eic::chain {
namespace {

Result<Options, UsageError> Parse(std::vector<std::string> words) {
  words.insert(words.begin(), "eic-chain");
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  return ParseOptions(static_cast<int>(words.size()), argv.data());
}

TEST(ChainOptions, TakeWhatSshdGives) {
  const auto options = Parse({"--", "alice", "SHA256:x", "ssh-ed25519"});
  ASSERT_TRUE(options) << options.error().text;
  EXPECT_EQ(options->values,
            (TokenValues{{'u', "alice"}, {'f', "SHA256:x"}, {'t', "ssh-ed25519"}}));
  EXPECT_EQ(options->folder, kMemberFolder);
  EXPECT_EQ(options->run_limit, kRunTimeDefault);
  EXPECT_FALSE(options->tells_times);
}

TEST(ChainOptions, TakeOtherTokens) {
  const auto options = Parse({"--tokens", "kuh", "--timeout", "9", "--times", "--folder", "/f",
                              "--", "--help", "", "/home/a"});
  ASSERT_TRUE(options) << options.error().text;
  EXPECT_EQ(options->values, (TokenValues{{'k', "--help"}, {'u', ""}, {'h', "/home/a"}}));
  EXPECT_EQ(options->run_limit, std::chrono::seconds(9));
  EXPECT_EQ(options->folder, "/f");
  EXPECT_TRUE(options->tells_times);
}

TEST(ChainOptions, RefuseWrongUsage) {
  const struct {
    const char* what;
    std::vector<std::string> words;
  } rows[] = {
      {"no values", {}},
      {"a value too few", {"--", "a", "b"}},
      {"a value too many", {"--", "a", "b", "c", "d"}},
      {"an unknown option", {"--colour", "--", "a", "b", "c"}},
      {"an unknown token", {"--tokens", "uZ", "--", "a", "b"}},
      {"a percent sign", {"--tokens", "%u", "--", "a", "b"}},
      {"a token twice", {"--tokens", "uu", "--", "a", "b"}},
      {"no time", {"--timeout", "0", "--", "a", "b", "c"}},
      {"too much time", {"--timeout", "101", "--", "a", "b", "c"}},
      {"a relative folder", {"--folder", "f", "--", "a", "b", "c"}},
      {"another log", {"--log-to", "file", "--", "a", "b", "c"}},
  };
  for (const auto& row : rows) EXPECT_FALSE(Parse(row.words)) << row.what;
}

TEST(ChainOptions, Inform) {
  EXPECT_EQ(*Parse({"--version"})->information, "eic-chain " EIC_VERSION "\n");
  EXPECT_EQ(Parse({"--help"})->information->substr(0, 16), "usage: eic-chain");
  // Whatever sshd's tokens are: the proof of `enable --chain` goes by it.
  EXPECT_TRUE(Parse({"--version", "--tokens", "uft", "--", "a", "b", "c"})->information);
}

}  // namespace
}  // namespace eic::chain
