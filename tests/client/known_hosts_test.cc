#include "client/signing/known_hosts.h"

#include <gtest/gtest.h>

#include "core/base64.h"
#include "tests/client/wire_samples.h"
#include "tests/fakes/temp_folder.h"

namespace eic::client {
namespace {

class KnownHostsTest : public testing::Test {
 protected:
  bool Knows(const std::string& line, const std::vector<std::string>& names) const {
    const KnownKeys keys = KnownKeysOf(line, names);
    return keys.blobs == std::vector<std::string>{key_.blob()};
  }
  OneTimeKey key_ = fakes::NewKey();
  std::string text_ = key_.PublicLine();
};

TEST_F(KnownHostsTest, FindsNamesAsSshDoes) {
  const struct {
    std::string hosts;
    std::string name;
    bool is_found;
  } kRows[] = {
      {"i-0123456789abcdef0", "i-0123456789abcdef0", true},
      {"I-0123456789ABCDEF0", "i-0123456789abcdef0", true},
      {"i-0123456789abcdef0", "I-0123456789ABCDEF0", true},
      {"i-0123456789abcdef1", "i-0123456789abcdef0", false},
      {"other,i-0123456789abcdef0,third", "i-0123456789abcdef0", true},
      {"[i-0123456789abcdef0]:2222", "[i-0123456789abcdef0]:2222", true},
      {"[i-0123456789abcdef0]:2222", "i-0123456789abcdef0", false},
      {"i-*", "i-0123456789abcdef0", true},
      {"i-?", "i-0123456789abcdef0", false},
      {"i-????????", "i-01234567", true},
      {"*,!i-0123456789abcdef0", "i-0123456789abcdef0", false},
      {"!i-0123456789abcdef0", "other", false},
      {"*a*b*", "xaxxbx", true},
      {"*a*b*", "xbxxax", false},
  };
  for (const auto& row : kRows) {
    EXPECT_EQ(Knows(row.hosts + ' ' + text_, {row.name}), row.is_found)
        << row.hosts << " for " << row.name;
  }
}

TEST_F(KnownHostsTest, FindsHashedNames) {
  // Made by `ssh-keygen -H` of a line for i-0123456789abcdef0.
  const std::string hashed = "|1|CMhwcvUhUkwlxkCiXbZ7Jl786Wk=|BZGmGZ+/shIpG7LaC4fY5Bl1rPM=";
  EXPECT_TRUE(Knows(hashed + ' ' + text_, {"i-0123456789abcdef0"}));
  EXPECT_FALSE(Knows(hashed + ' ' + text_, {"i-0123456789abcdef1"}));
  for (const char* broken : {"|1|", "|1||", "|1|AAAA|AAAA", "|1|!|!", "|2|AAAA|AAAA"}) {
    EXPECT_FALSE(Knows(std::string(broken) + ' ' + text_, {"i-0123456789abcdef0"})) << broken;
  }
}

TEST_F(KnownHostsTest, ReadsMarkers) {
  const KnownKeys keys = KnownKeysOf("@revoked * " + text_ + "\n@cert-authority i-* " + text_ +
                                         "\n@strange * " + text_ + "\n# i-1 " + text_ + '\n',
                                     {"i-1"});
  EXPECT_TRUE(keys.blobs.empty());
  EXPECT_EQ(keys.revoked, std::vector<std::string>{key_.blob()});
  EXPECT_TRUE(keys.has_authority);
}

TEST_F(KnownHostsTest, PassesOverWhatSaysNothing) {
  const std::string base64 = EncodeBase64(key_.blob());
  const struct {
    const char* defect;
    std::string line;
  } kRows[] = {
      {"no key", "i-1"},
      {"no base64", "i-1 ssh-ed25519 !!"},
      {"a type that is not the key's", "i-1 ssh-rsa " + base64},
      {"nothing behind the type", "i-1 ssh-ed25519 "},
      {"a line without an end", "i-1 " + std::string(20000, 'x') + ' ' + text_},
  };
  for (const auto& row : kRows) {
    EXPECT_TRUE(KnownKeysOf(row.line, {"i-1"}).blobs.empty()) << row.defect;
    EXPECT_TRUE(Knows(row.line + "\ni-1 " + text_, {"i-1"})) << "behind " << row.defect;
  }
}

TEST_F(KnownHostsTest, ReadsFiles) {
  const fakes::TempFolder folder;
  const aws::Outcome<KnownKeys> none = ReadKnownKeys(folder.Of("none"), {"i-1"});
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->blobs.empty());
  const auto found = ReadKnownKeys(folder.Write("file", "i-1 " + text_ + '\n'), {"i-1"});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->blobs.size(), 1U);
  // What cannot be read must not be taken for "nothing is known".
  const auto large = ReadKnownKeys(folder.Write("large", std::string(5 << 20, 'x')), {"i-1"});
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code, "KnownHosts");
  EXPECT_FALSE(ReadKnownKeys(folder.path().string(), {"i-1"}));
}

}  // namespace
}  // namespace eic::client
