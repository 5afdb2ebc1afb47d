// Lines of sshd_config as the releases divide them; reading_test.cc holds the same against the real
// sshd.
#include "admin/sshd/sshd_words.h"

#include <gtest/gtest.h>

namespace eic::admin {
namespace {

using Words = std::vector<std::string>;

constexpr SshdRelease kBullseye{8, 4};
constexpr SshdRelease kBookworm{9, 2};
constexpr SshdRelease kTrixie{10, 0};

TEST(SshdWords, TheReleaseIsReadFromWhatSshdSays) {
  const struct {
    const char* said;
    int major;
    int minor;
  } kSaid[] = {{"OpenSSH_8.4p1 Debian-5+deb11u5, OpenSSL 1.1.1w", 8, 4},
               {"unknown option -- V\nOpenSSH_7.4p1, OpenSSL 1.0.2k-fips\nusage: sshd", 7, 4},
               {"OpenSSH_10.0p2 Debian-7", 10, 0},
               {"OpenSSH_", 10, 0},
               {"OpenSSH_9", 10, 0},
               {"OpenSSH_9.x", 10, 0},
               {"", 10, 0}};
  for (const auto& row : kSaid) {
    const SshdRelease release = ParseSshdRelease(row.said);
    EXPECT_EQ(release.major, row.major) << row.said;
    EXPECT_EQ(release.minor, row.minor) << row.said;
  }
  EXPECT_TRUE(kTrixie.IsAtLeast(9, 9));
  EXPECT_TRUE(kBookworm.IsAtLeast(9, 2));
  EXPECT_FALSE(kBookworm.IsAtLeast(9, 9));
  EXPECT_FALSE(kBullseye.IsAtLeast(8, 7));
}

TEST(SshdWords, AKeywordEndsWhereSshdEndsIt) {
  const struct {
    const char* line;
    const char* keyword;
    const char* rest;
  } kLines[] = {
      {"Port 22", "port", "22"},
      {"  \tPORT\t22  \t\r", "port", "22"},
      {"Port=22", "port", "22"},
      {"Port = 22", "port", "22"},
      {"Port = = 22", "port", "= 22"},
      {"= Port 22", "port", "22"},
      {"\"Port\" 22", "port", "22"},
      {"\"Port\" = 22", "port", "= 22"},
      {"Po\"rt\" 22", "port", "22"},
      {"\"Port 22", "", ""},
      {"# Port 22", "", ""},
      {"   ", "", ""},
      {"", "", ""},
      {"Port 22\f", "port", "22"},
  };
  for (const auto& row : kLines) {
    const ConfigLine line = SplitConfigLine(row.line, kBookworm);
    EXPECT_EQ(line.keyword, row.keyword) << row.line;
    EXPECT_EQ(line.rest, row.rest) << row.line;
  }
}

TEST(SshdWords, BeforeRelease87ANumberSignEndsTheLineWhereverItStands) {
  EXPECT_EQ(SplitConfigLine("Banner \"a # b\" # c", kBullseye).rest, "\"a");
  EXPECT_EQ(SplitConfigLine("Banner \"a # b\" # c", kBookworm).rest, "\"a # b\" # c");
}

TEST(SshdWords, WordsHaveTheQuotesOfTheirRelease) {
  const struct {
    const char* rest;
    Words before;
    Words since;
  } kRests[] = {
      {"a b\tc", {"a", "b", "c"}, {"a", "b", "c"}},
      {"\"a b\" c", {"a b", "c"}, {"a b", "c"}},
      {"'a b' c", {"'a", "b'", "c"}, {"a b", "c"}},
      {"a\\ b", {"a\\", "b"}, {"a b"}},
      {"a\\\\b", {"a\\\\b"}, {"a\\b"}},
      {"a=b c", {"a", "b", "c"}, {"a=b", "c"}},
      {"a # b", {"a"}, {"a"}},
      {"a#b", {"a#b"}, {"a#b"}},
      {"a '#' b", {"a", "'#'", "b"}, {"a", "#", "b"}},
      {"\"a", {}, {}},
      {"a \"b", {"a"}, {}},
      {"'a", {"'a"}, {}},
      {"", {}, {}},
  };
  for (const auto& row : kRests) {
    EXPECT_EQ(SplitConfigWords(row.rest, kBullseye), row.before) << row.rest;
    EXPECT_EQ(SplitConfigWords(row.rest, kBookworm), row.since) << row.rest;
    EXPECT_EQ(SplitMatchWords(row.rest, kBookworm), row.before) << row.rest;
    EXPECT_EQ(SplitMatchWords(row.rest, kTrixie), row.since) << row.rest;
  }
}

}  // namespace
}  // namespace eic::admin
