#include "chain/tokens.h"

#include <gtest/gtest.h>

namespace eic::chain {
namespace {

const TokenValues kValues = {{'u', "alice"}, {'f', "SHA256:x"}, {'t', "%u"}, {'k', ""}};

TEST(Tokens, AreThoseOfEveryWordButTheProgram) {
  EXPECT_EQ(*TokensOf({"/a%Z", "%u", "x%fy%%%t", "%u", "%%u"}), "uft");
  EXPECT_EQ(*TokensOf({"/a"}), "");
  EXPECT_EQ(TokensOf({"/a", "%Z"}).error().text, "sshd has no token %Z for AuthorizedKeysCommand");
  EXPECT_EQ(TokensOf({"/a", "%s"}).error().text, "sshd has no token %s for AuthorizedKeysCommand");
  EXPECT_FALSE(TokensOf({"/a", "b%"}));
  EXPECT_FALSE(TokensOf({"/a", "%%%"}));
}

TEST(Tokens, AreReplacedOnce) {
  EXPECT_EQ(*Expand("%u", kValues), "alice");
  EXPECT_EQ(*Expand("a%ub%f%%u", kValues), "aalicebSHA256:x%u");
  EXPECT_EQ(*Expand("%t", kValues), "%u");  // a value is bytes
  EXPECT_EQ(*Expand("[%k]", kValues), "[]");
  EXPECT_EQ(*Expand("", kValues), "");
}

TEST(Tokens, ThatSshdDoesNotGiveAreNamed) {
  EXPECT_EQ(
      Expand("%h", kValues).error().text,
      "uses %h, which sshd's command line does not pass: add it to --tokens and pass its value "
      "after `--`");
  EXPECT_FALSE(Expand("%Z", kValues));
  EXPECT_FALSE(Expand("a%", kValues));
}

TEST(Tokens, EachStandsOnceInTheTable) {
  std::string letters;
  for (const Token& token : KnownTokens()) {
    EXPECT_EQ(letters.find(token.letter), std::string::npos);
    letters += token.letter;
    EXPECT_GE(token.since, 609);
  }
  for (const char letter : kDefaultTokens) EXPECT_TRUE(IsKnownToken(letter));
}

}  // namespace
}  // namespace eic::chain
