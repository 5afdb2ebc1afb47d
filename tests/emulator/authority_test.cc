#include "issuer/authority.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "issuer/files.h"
#include "issuer/issuer_error.h"
#include "issuer/keys.h"
#include "tests/emulator/support.h"

namespace eic::issuer {
namespace {

using emulator::kNow;

// The chain as a careful relying party verifies it.
int VerifyStrictly(const Authority& authority, Instant now) {
  const X509StorePtr store(X509_STORE_new());
  X509_STORE_add_cert(store.get(), authority.root.get());
  X509_VERIFY_PARAM* param = X509_STORE_get0_param(store.get());
  X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_X509_STRICT | X509_V_FLAG_TRUSTED_FIRST);
  X509_VERIFY_PARAM_set_auth_level(param, 2);
  X509_VERIFY_PARAM_set_time(param, now.unix_seconds());
  const X509ShellPtr untrusted(sk_X509_new_null());
  sk_X509_push(untrusted.get(), authority.intermediate.get());
  const X509StoreCtxPtr context(X509_STORE_CTX_new());
  X509_STORE_CTX_init(context.get(), store.get(), authority.signer.get(), untrusted.get());
  X509_verify_cert(context.get());
  return X509_STORE_CTX_get_error(context.get());
}

Authority Make(IssuerKeyType type) {
  AuthoritySpec spec;
  spec.region = "us-gov-west-1";
  spec.domain = "amazonaws.com";
  spec.now = kNow;
  spec.issuer_key_type = type;
  return MakeAuthority(spec);
}

unsigned Mode(const std::filesystem::path& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 07777U : 0U;
}

class AuthorityFolder : public testing::Test {
 protected:
  AuthorityFolder() {
    std::string pattern = testing::TempDir() + "/authority.XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~AuthorityFolder() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path folder_;
};

TEST(Authority, ItsChainIsStrictlyValid) {
  for (const IssuerKeyType type : {IssuerKeyType::kRsa2048, IssuerKeyType::kEcP256}) {
    const Authority authority = Make(type);
    EXPECT_EQ(VerifyStrictly(authority, kNow), X509_V_OK);
    EXPECT_EQ(VerifyStrictly(authority, kNow - 2 * kSecondsPerDay), X509_V_ERR_CERT_NOT_YET_VALID);
  }
}

TEST(Authority, TheSignerHasTheServicesName) {
  const Authority authority = Make(IssuerKeyType::kEcP256);
  EXPECT_EQ(SignerName("us-west-2", "amazonaws.com"), "managed-ssh-signer.us-west-2.amazonaws.com");
  EXPECT_EQ(X509_check_host(authority.signer.get(),
                            "managed-ssh-signer.us-gov-west-1.amazonaws.com", 0, 0, nullptr),
            1);
}

TEST(Authority, TheServedChainGoesUpwards) {
  const Authority authority = Make(IssuerKeyType::kEcP256);
  const std::vector<X509Ptr> served = ParseCertificatesPem(SignerChainPem(authority));
  ASSERT_EQ(served.size(), 3U);
  EXPECT_EQ(X509_check_issued(served[1].get(), served[0].get()), X509_V_OK);
  EXPECT_EQ(X509_check_issued(served[2].get(), served[1].get()), X509_V_OK);
  EXPECT_EQ(X509_check_issued(served[2].get(), served[2].get()), X509_V_OK);
}

TEST(Authority, EachCertificateBelowTheRootHasAStaple) {
  const Authority authority = Make(IssuerKeyType::kEcP256);
  const std::vector<NamedStaple> staples = MakeStaples(authority, kNow);
  ASSERT_EQ(staples.size(), 2U);
  EXPECT_LT(staples[0].name, staples[1].name);
  for (X509* certificate : {authority.signer.get(), authority.intermediate.get()}) {
    EXPECT_TRUE(staples[0].name == Sha1Name(certificate) ||
                staples[1].name == Sha1Name(certificate));
  }
}

TEST(Authority, ReissuingKeepsTheKey) {
  Authority authority = Make(IssuerKeyType::kEcP256);
  ReissueSigner(authority, "cn-north-1", "amazonaws.com.cn", kNow);
  EXPECT_EQ(authority.domain, "amazonaws.com.cn");
  EXPECT_EQ(X509_check_private_key(authority.signer.get(), authority.signer_key.get()), 1);
  EXPECT_EQ(VerifyStrictly(authority, kNow), X509_V_OK);
}

TEST_F(AuthorityFolder, ItIsReadAsItWasWritten) {
  EXPECT_FALSE(HasAuthority(folder_));
  const Authority authority = Make(IssuerKeyType::kEcP256);
  SaveAuthority(authority, folder_);
  EXPECT_TRUE(HasAuthority(folder_));
  const Authority read = LoadAuthority(folder_);
  EXPECT_EQ(read.region, "us-gov-west-1");
  EXPECT_EQ(read.domain, "amazonaws.com");
  EXPECT_EQ(SignerChainPem(read), SignerChainPem(authority));
  EXPECT_EQ(X509_check_private_key(read.signer.get(), read.signer_key.get()), 1);
  EXPECT_EQ(X509_check_private_key(read.intermediate.get(), read.intermediate_key.get()), 1);
  EXPECT_EQ(X509_check_private_key(read.root.get(), read.root_key.get()), 1);
}

TEST_F(AuthorityFolder, ItsKeysAreForItsOwnerAlone) {
  ::umask(0);
  SaveAuthority(Make(IssuerKeyType::kEcP256), folder_);
  EXPECT_EQ(Mode(folder_ / "private"), 0700U);
  for (const char* name : {"root.key", "intermediate.key", "signer.key"}) {
    EXPECT_EQ(Mode(folder_ / "private" / name), 0600U);
  }
  EXPECT_EQ(Mode(folder_ / "anchors.pem"), 0644U);
}

TEST_F(AuthorityFolder, ItIsNeverOverwritten) {
  const Authority authority = Make(IssuerKeyType::kEcP256);
  SaveAuthority(authority, folder_);
  EXPECT_THROW(SaveAuthority(authority, folder_), IssuerError);
  EXPECT_THROW(WriteNewFile(folder_ / "anchors.pem", "", Secrecy::kPublic), IssuerError);
}

TEST_F(AuthorityFolder, AnEmptyFolderHasNone) {
  EXPECT_THROW(LoadAuthority(folder_), IssuerError);
  EXPECT_THROW(LoadAuthority(folder_ / "missing"), IssuerError);
}

TEST_F(AuthorityFolder, AFileThatIsTooLargeIsAnError) {
  WriteNewFile(folder_ / "large", std::string(100, 'x'), Secrecy::kPublic);
  EXPECT_EQ(ReadFile(folder_ / "large", 100).size(), 100U);
  EXPECT_THROW(ReadFile(folder_ / "large", 99), IssuerError);
}

}  // namespace
}  // namespace eic::issuer
