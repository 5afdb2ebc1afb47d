#include "emulator/metadata/token_mint.h"

#include <gtest/gtest.h>

#include "tests/emulator/support.h"

namespace eic::emulator {
namespace {

TEST(TokenMint, ATokenLivesItsTime) {
  ManualClock clock;
  const TokenMint mint(clock.clock());
  const std::string token = mint.Issue(5);
  EXPECT_TRUE(mint.IsLive(token));
  clock.Advance(4);
  EXPECT_TRUE(mint.IsLive(token));
  clock.Advance(1);
  EXPECT_FALSE(mint.IsLive(token));
}

TEST(TokenMint, TokensDifferAndLookLikeTheServices) {
  const ManualClock clock;
  const TokenMint mint(clock.clock());
  EXPECT_NE(mint.Issue(5), mint.Issue(5));
  EXPECT_EQ(mint.Issue(5).size(), 56U);
}

TEST(TokenMint, AnotherMintsTokenIsNone) {
  const ManualClock clock;
  EXPECT_FALSE(TokenMint(clock.clock()).IsLive(TokenMint(clock.clock()).Issue(5)));
}

TEST(TokenMint, AChangedTokenIsNone) {
  const ManualClock clock;
  const TokenMint mint(clock.clock());
  const std::string token = mint.Issue(5);
  for (const std::size_t at : {0U, 6U, 12U, 30U, 50U}) {
    std::string changed = token;
    changed[at] = changed[at] == 'B' ? 'C' : 'B';
    EXPECT_FALSE(mint.IsLive(changed)) << at;
  }
  for (const std::string& wrong : {std::string(), token + "A", token.substr(4), std::string("*")}) {
    EXPECT_FALSE(mint.IsLive(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace eic::emulator
