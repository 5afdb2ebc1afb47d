#include "client/target/wildcard.h"

#include <gtest/gtest.h>

#include <string>

namespace eic::client {
namespace {

TEST(Wildcard, MatchesAsSshDoes) {
  struct Row {
    const char* pattern;
    const char* text;
    bool fits;
  };
  const Row rows[] = {
      {"", "", true},        {"", "a", false},       {"*", "", true},
      {"*", "abc", true},    {"a?c", "abc", true},   {"a?c", "ac", false},
      {"a*c", "abbc", true}, {"a*c", "abcd", false}, {"*a*b*", "xxaxxbxx", true},
      {"*ab", "aab", true},  {"[ab]", "a", false},   {"web-*", "web-", true},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(MatchesWildcard(row.pattern, row.text), row.fits) << row.pattern << ' ' << row.text;
  }
}

TEST(Wildcard, EndsForManyStars) {
  std::string pattern;
  for (int at = 0; at < 64; ++at) pattern += "a*";
  EXPECT_FALSE(MatchesWildcard(pattern + "b", std::string(4096, 'a')));
}

}  // namespace
}  // namespace eic::client
