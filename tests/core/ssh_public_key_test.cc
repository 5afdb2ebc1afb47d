// Goal of this test: keys are read and printed as OpenSSH does it, and nothing else is a key. What
// each refusal looks like stands in the vectors named key-*.
#include "core/ssh_public_key.h"

#include <gtest/gtest.h>

#include "core/base64.h"
#include "tests/core/openssh_keys.h"

namespace eic {
namespace {

class OpensshKeys : public ::testing::TestWithParam<OpensshKey> {};

TEST_P(OpensshKeys, AreReadAndPrintedTheSame) {
  const Result<SshPublicKey> key = ParseSshPublicKey(GetParam().line);
  ASSERT_TRUE(key.ok()) << key.error().detail;
  EXPECT_EQ(AuthorizedKeysLine(*key), GetParam().line);
}

TEST_P(OpensshKeys, HaveTheirFingerprints) {
  const Result<SshPublicKey> key = ParseSshPublicKey(GetParam().line);
  EXPECT_EQ(*FingerprintOf(*key, FingerprintHash::kSha256), GetParam().sha256);
  EXPECT_EQ(*FingerprintOf(*key, FingerprintHash::kMd5), GetParam().md5);
}

TEST_P(OpensshKeys, LoseCommentAndBlanks) {
  const std::string line(GetParam().line);
  for (const std::string& longer :
       {line + " alice@example", line + "\talice, the second", line + "  \t "}) {
    const Result<SshPublicKey> key = ParseSshPublicKey(longer);
    ASSERT_TRUE(key.ok()) << longer;
    EXPECT_EQ(AuthorizedKeysLine(*key), line);
  }
}

// Every prefix of the wire bytes, and one byte more than they are.
TEST_P(OpensshKeys, AreReadUpToTheirLastByteAndNoFurther) {
  const Result<SshPublicKey> key = ParseSshPublicKey(GetParam().line);
  const std::string type = key->type->name;
  for (std::size_t length = 0; length < key->wire.size(); ++length) {
    const std::string part = key->wire.substr(0, length);
    EXPECT_FALSE(ParseSshPublicKey(type + ' ' + EncodeBase64(part)).ok()) << length;
  }
  EXPECT_FALSE(ParseSshPublicKey(type + ' ' + EncodeBase64(key->wire + '\0')).ok());
}

TEST_P(OpensshKeys, BearNoOtherTypesName) {
  const Result<SshPublicKey> key = ParseSshPublicKey(GetParam().line);
  for (const OpensshKey& other : kOpensshKeys) {
    if (other.line == GetParam().line) continue;
    const std::string type(other.line.substr(0, other.line.find(' ')));
    const Result<SshPublicKey> read = ParseSshPublicKey(type + ' ' + EncodeBase64(key->wire));
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(Slug(read.error().reason), Slug(Reason::kKeyTypeMismatch));
  }
}

INSTANTIATE_TEST_SUITE_P(All, OpensshKeys, ::testing::ValuesIn(kOpensshKeys),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(ParseSshPublicKey, RefusesWeakAndOldKeys) {
  EXPECT_EQ(Slug(ParseSshPublicKey(kOpensshRsa1024).error().reason), Slug(Reason::kKeyTooSmall));
  EXPECT_EQ(Slug(ParseSshPublicKey(kOpensshDsa).error().reason), Slug(Reason::kKeyTypeUnsupported));
}

TEST(ParseSshPublicKey, RefusesWhatIsNoLine) {
  EXPECT_EQ(Slug(ParseSshPublicKey("").error().reason), Slug(Reason::kKeyTypeUnsupported));
  EXPECT_EQ(Slug(ParseSshPublicKey(" ").error().reason), Slug(Reason::kKeyTypeUnsupported));
  EXPECT_EQ(Slug(ParseSshPublicKey("ssh-rsa").error().reason), Slug(Reason::kKeyMalformed));
}

TEST(FindKeyType, KnowsFive) {
  EXPECT_STREQ(FindKeyType("ecdsa-sha2-nistp384")->curve, "nistp384");
  EXPECT_EQ(FindKeyType("ssh-rsa")->curve, nullptr);
  EXPECT_EQ(FindKeyType("ssh-"), nullptr);
}

}  // namespace
}  // namespace eic
