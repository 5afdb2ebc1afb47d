// Goal of this test: what sshd gives is one path segment and a fingerprint, or nothing is asked.
#include "core/request.h"

#include <gtest/gtest.h>

#include "core/limits.h"
#include "tests/core/openssh_keys.h"
#include "tests/fakes/for_tests.h"

namespace eic {
namespace {

struct NameRow {
  const char* name;
  std::string user;
  Reason reason;
};

class RefusedUserName : public ::testing::TestWithParam<NameRow> {};

TEST_P(RefusedUserName, HasItsReason) {
  const Result<UserName> user = ParseUserName(GetParam().user);
  ASSERT_FALSE(user.ok());
  EXPECT_EQ(Slug(user.error().reason), Slug(GetParam().reason));
}

INSTANTIATE_TEST_SUITE_P(
    All, RefusedUserName,
    ::testing::Values(NameRow{"Empty", "", Reason::kUserNameInvalid},
                      NameRow{"Dot", ".", Reason::kUserNameInvalid},
                      NameRow{"DotDot", "..", Reason::kUserNameInvalid},
                      NameRow{"Slash", "/", Reason::kUserNameInvalid},
                      NameRow{"SlashInside", "a/b", Reason::kUserNameInvalid},
                      NameRow{"LineEnd", "alice\n", Reason::kUserNameInvalid},
                      NameRow{"CarriageReturn", "alice\r", Reason::kUserNameInvalid},
                      NameRow{"Nul", std::string("a\0b", 3), Reason::kUserNameInvalid},
                      NameRow{"Escape", "\x1b", Reason::kUserNameInvalid},
                      NameRow{"Delete", "\x7f", Reason::kUserNameInvalid},
                      NameRow{"OneByteTooLong", std::string(kUserNameBytesMax + 1, 'a'),
                              Reason::kUserNameInvalid},
                      NameRow{"WindowsDomain", "CORP\\alice", Reason::kUserNameNeverPushed},
                      NameRow{"BackslashAndSlash", "CORP\\a/b", Reason::kUserNameInvalid}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(ParseUserName, KeepsANameAsItIs) {
  for (const std::string& user :
       {std::string("alice"), std::string("svc@corp.example"), std::string("Host$"),
        std::string("..."), std::string(".a"), std::string("a b"), std::string("zo\xc3\xab"),
        std::string("%2e"), std::string("-f"), std::string(kUserNameBytesMax, 'a')}) {
    const Result<UserName> parsed = ParseUserName(user);
    ASSERT_TRUE(parsed.ok()) << user;
    EXPECT_EQ(parsed->text(), user);
  }
}

TEST(ParseFingerprint, TakesBothForms) {
  for (const OpensshKey& key : kOpensshKeys) {
    const Result<Fingerprint> sha256 = ParseFingerprint(key.sha256);
    ASSERT_TRUE(sha256.ok()) << key.name;
    EXPECT_EQ(sha256->hash, FingerprintHash::kSha256);
    EXPECT_EQ(sha256->text, key.sha256);
    const Result<Fingerprint> md5 = ParseFingerprint(key.md5);
    ASSERT_TRUE(md5.ok()) << key.name;
    EXPECT_EQ(md5->hash, FingerprintHash::kMd5);
    EXPECT_EQ(md5->text, key.md5);
  }
}

TEST(ParseFingerprint, RefusesTheRest) {
  const std::string sha256(kOpensshKeys[0].sha256);
  const std::string md5(kOpensshKeys[0].md5);
  for (const std::string& text :
       {std::string(), std::string("SHA256:"), std::string("MD5:"), sha256 + "=", sha256 + "A",
        sha256.substr(0, sha256.size() - 1), sha256.substr(7), "sha256:" + sha256.substr(7),
        " " + sha256, sha256 + "\n", "SHA256:" + std::string(43, '-'), md5 + ":00",
        md5.substr(0, md5.size() - 1), md5.substr(4), "MD5:" + std::string(47, 'a'),
        "MD5:" + std::string(47, ':'), std::string("NONE")}) {
    const Result<Fingerprint> parsed = ParseFingerprint(text);
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_EQ(Slug(parsed.error().reason), Slug(Reason::kFingerprintInvalid));
  }
}

TEST(IsDeliverableKeyType, KnowsWhatIsPushedAndPrinted) {
  for (const char* type : {"ssh-rsa", "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384",
                           "ecdsa-sha2-nistp521"}) {
    EXPECT_TRUE(IsDeliverableKeyType(type)) << type;
  }
  for (const char* type : {"", "ssh-dss", "rsa-sha2-256", "ssh-ed25519-cert-v01@openssh.com",
                           "ssh-rsa-cert-v01@openssh.com", "sk-ssh-ed25519@openssh.com",
                           "sk-ecdsa-sha2-nistp256@openssh.com", "SSH-RSA", "ssh-rsa "}) {
    EXPECT_FALSE(IsDeliverableKeyType(type)) << type;
  }
}

TEST(IsRequested, ComparesWithWhatIsOffered) {
  const Result<SshPublicKey> key = ParseSshPublicKey(kOpensshKeys[0].line);
  const Result<Fingerprint> same = ParseFingerprint(kOpensshKeys[0].sha256);
  const Result<Fingerprint> same_md5 = ParseFingerprint(kOpensshKeys[0].md5);
  const Result<Fingerprint> other = ParseFingerprint(kOpensshKeys[1].sha256);
  EXPECT_TRUE(*IsRequested({NamedUser("alice"), {}}, *key));
  EXPECT_TRUE(*IsRequested({NamedUser("alice"), *same}, *key));
  EXPECT_TRUE(*IsRequested({NamedUser("alice"), *same_md5}, *key));
  EXPECT_FALSE(*IsRequested({NamedUser("alice"), *other}, *key));
}

}  // namespace
}  // namespace eic
