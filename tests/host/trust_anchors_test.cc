#include "host/trust_anchors.h"

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/limits.h"
#include "issuer/certificates.h"
#include "issuer/keys.h"
#include "tests/fakes/temp_folder.h"

namespace eic {
namespace {

X509Ptr MakeRoot(const std::string& name) {
  const EvpPkeyPtr key = issuer::GenerateEcKey(NID_X9_62_prime256v1);
  issuer::CertificateSpec spec;
  spec.common_names = {name};
  spec.not_before = Instant(1900000000);
  spec.not_after = Instant(2100000000);
  spec.basic_constraints = issuer::BasicConstraints::kCa;
  return issuer::IssueCertificate(spec, key.get(), nullptr, key.get());
}

// True if `store` has an anchor with the subject of `certificate`.
bool Knows(X509_STORE* store, X509* certificate) {
  const X509StoreCtxPtr context(X509_STORE_CTX_new());
  if (X509_STORE_CTX_init(context.get(), store, certificate, nullptr) != 1) return false;
  X509_OBJECT* found = X509_STORE_CTX_get_obj_by_subject(context.get(), X509_LU_X509,
                                                         X509_get_subject_name(certificate));
  const bool knows = found != nullptr && X509_cmp(X509_OBJECT_get0_X509(found), certificate) == 0;
  X509_OBJECT_free(found);
  return knows;
}

std::string HashName(X509* certificate) {
  char name[32];
  std::snprintf(name, sizeof name, "%08lx.0", X509_subject_name_hash(certificate));
  return name;
}

std::string OutcomeOf(const Result<X509StorePtr>& store) {
  return store.ok() ? "ok" : std::string(Slug(store.error().reason));
}

class TrustAnchorsTest : public testing::Test {
 protected:
  const X509Ptr root_ = MakeRoot("one");
  const X509Ptr other_ = MakeRoot("other");
  const fakes::TempFolder folder_;
};

TEST_F(TrustAnchorsTest, Bundle) {
  const std::string path =
      folder_.Write("anchors.pem", "# a comment\n" + issuer::CertificatePem(root_.get()) +
                                       issuer::CertificatePem(other_.get()));
  const Result<X509StorePtr> store = OpenTrustAnchors(path);
  ASSERT_EQ(OutcomeOf(store), "ok");
  EXPECT_TRUE(Knows(store->get(), root_.get()));
  EXPECT_TRUE(Knows(store->get(), other_.get()));
}

TEST_F(TrustAnchorsTest, HashedFolder) {
  folder_.Write(HashName(root_.get()), issuer::CertificatePem(root_.get()));
  const Result<X509StorePtr> store = OpenTrustAnchors(folder_.path().string());
  ASSERT_EQ(OutcomeOf(store), "ok");
  EXPECT_TRUE(Knows(store->get(), root_.get()));
  EXPECT_FALSE(Knows(store->get(), other_.get()));
}

TEST_F(TrustAnchorsTest, HashedFolderOfLinks) {
  folder_.Write("root.crt", issuer::CertificatePem(root_.get()));
  std::filesystem::create_symlink("root.crt", folder_.path() / HashName(root_.get()));
  const Result<X509StorePtr> store = OpenTrustAnchors(folder_.path().string() + "/");
  ASSERT_EQ(OutcomeOf(store), "ok");
  EXPECT_TRUE(Knows(store->get(), root_.get()));
}

TEST_F(TrustAnchorsTest, EnvironmentAddsNoAnchor) {
  const std::string bundle = folder_.Write("anchors.pem", issuer::CertificatePem(root_.get()));
  const std::string others =
      folder_.Write("environment/" + HashName(other_.get()), issuer::CertificatePem(other_.get()));
  const std::string hashed =
      folder_.Write("hashed/" + HashName(root_.get()), issuer::CertificatePem(root_.get()));
  setenv("SSL_CERT_FILE", others.c_str(), 1);
  setenv("SSL_CERT_DIR", folder_.Of("environment").c_str(), 1);
  for (const std::string& path : {bundle, folder_.Of("hashed")}) {
    const Result<X509StorePtr> store = OpenTrustAnchors(path);
    ASSERT_EQ(OutcomeOf(store), "ok") << path;
    EXPECT_FALSE(Knows(store->get(), other_.get())) << path;
  }
  unsetenv("SSL_CERT_FILE");
  unsetenv("SSL_CERT_DIR");
}

TEST_F(TrustAnchorsTest, WhatIsNoStoreIsRefused) {
  std::filesystem::create_directories(folder_.path() / "empty");
  std::filesystem::create_directories(folder_.path() / "co:lon");
  folder_.Write("co:lon/" + HashName(root_.get()), issuer::CertificatePem(root_.get()));
  folder_.Write("unhashed/root.pem", issuer::CertificatePem(root_.get()));
  folder_.Write("almost/0123456g.0", issuer::CertificatePem(root_.get()));
  folder_.Write("almost/01234567.r0", issuer::CertificatePem(root_.get()));
  folder_.Write("almost/1234567.0", issuer::CertificatePem(root_.get()));
  folder_.Write("nothing.pem", "");
  folder_.Write("garbage.pem", "no certificate\n");
  folder_.Write("binary.pem", std::string("\x30\x82\x01\x00\x00garbage", 12));
  folder_.Write("damaged.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
  folder_.Write("key.pem", issuer::PrivateKeyPem(issuer::GenerateEd25519Key().get()));
  for (const char* name : {"missing", "empty", "co:lon", "unhashed", "almost", "nothing.pem",
                           "garbage.pem", "binary.pem", "damaged.pem", "key.pem"}) {
    SCOPED_TRACE(name);
    const Result<X509StorePtr> store = OpenTrustAnchors(folder_.Of(name));
    ASSERT_EQ(OutcomeOf(store), "ca-store-unusable");
    EXPECT_NE(store.error().detail.find(name), std::string::npos) << store.error().detail;
  }
}

TEST_F(TrustAnchorsTest, ColonInTheNameOfAFileIsNoMatter) {
  const std::string path = folder_.Write("a:b.pem", issuer::CertificatePem(root_.get()));
  EXPECT_EQ(OutcomeOf(OpenTrustAnchors(path)), "ok");
}

TEST_F(TrustAnchorsTest, WithoutAPathTheDistributionsStoreOrAReason) {
  const Result<X509StorePtr> store = OpenTrustAnchors(std::nullopt);
  const bool is_debian_like = access("/etc/ssl/certs/ca-certificates.crt", R_OK) == 0;
  if (is_debian_like) {
    EXPECT_EQ(OutcomeOf(store), "ok");
  } else {
    EXPECT_TRUE(store.ok() || store.error().reason == Reason::kCaStoreUnusable);
  }
}

TEST_F(TrustAnchorsTest, LeavesNoErrorBehindForOthersToFind) {
  folder_.Write("garbage.pem", "no certificate\n");
  EXPECT_EQ(OutcomeOf(OpenTrustAnchors(folder_.Of("garbage.pem"))), "ca-store-unusable");
  EXPECT_EQ(ERR_peek_error(), 0U);
}

// As update-ca-certificates lays it out: the hash leads to a name beside it, and that to a folder
// elsewhere.
TEST_F(TrustAnchorsTest, ReadsAreTheRealFoldersBehindTheLinks) {
  namespace fs = std::filesystem;
  folder_.Write("share/root.crt", issuer::CertificatePem(root_.get()));
  fs::create_directories(folder_.path() / "store");
  fs::create_symlink(folder_.path() / "share/root.crt", folder_.path() / "store/root.pem");
  fs::create_symlink("root.pem", folder_.path() / "store" / HashName(root_.get()));
  fs::create_symlink("/etc/hostname", folder_.path() / "store/of-no-certificate");
  const Result<TrustStore> store = FindTrustStore(folder_.Of("store"));
  ASSERT_TRUE(store.ok());
  const std::string real = fs::canonical(folder_.path()).string();
  EXPECT_EQ(store->reads, (std::vector<std::string>{real + "/share", real + "/store"}));
}

// HASH.0 -> root.pem -> outer1/root.crt -> outer2/root.crt: the rights that are kept are those of
// where it ends.
TEST_F(TrustAnchorsTest, ReadsAreWhereLinksThroughSeveralFoldersEnd) {
  namespace fs = std::filesystem;
  folder_.Write("outer2/root.crt", issuer::CertificatePem(root_.get()));
  fs::create_directories(folder_.path() / "outer1");
  fs::create_directories(folder_.path() / "store");
  fs::create_symlink("../outer2/root.crt", folder_.path() / "outer1/root.crt");
  fs::create_symlink("../outer1/root.crt", folder_.path() / "store/root.pem");
  fs::create_symlink("root.pem", folder_.path() / "store" / HashName(root_.get()));
  const Result<TrustStore> store = FindTrustStore(folder_.Of("store"));
  ASSERT_TRUE(store.ok());
  const std::string real = fs::canonical(folder_.path()).string();
  EXPECT_EQ(store->reads, (std::vector<std::string>{real + "/outer2", real + "/store"}));
}

TEST_F(TrustAnchorsTest, ABundleThatIsReplacedIsReadAsItWasFound) {
  const std::string path = folder_.Write("anchors.pem", issuer::CertificatePem(root_.get()));
  const Result<TrustStore> found = FindTrustStore(path);
  ASSERT_TRUE(found.ok());
  EXPECT_TRUE(found->reads.empty());
  std::filesystem::rename(folder_.Write("new.pem", issuer::CertificatePem(other_.get())), path);
  for (int time = 0; time < 2; ++time) {
    const Result<X509StorePtr> store = OpenTrustStore(*found);
    ASSERT_EQ(OutcomeOf(store), "ok");
    EXPECT_TRUE(Knows(store->get(), root_.get()));
    EXPECT_FALSE(Knows(store->get(), other_.get()));
  }
}

TEST_F(TrustAnchorsTest, ABundleThatIsNoFileIsNotWaitedFor) {
  const std::string path = folder_.Of("pipe");
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  EXPECT_EQ(OutcomeOf(OpenTrustAnchors(path)), "ca-store-unusable");
}

TEST_F(TrustAnchorsTest, ABundleBeyondItsLimitIsRefused) {
  const std::string certificate = issuer::CertificatePem(root_.get());
  const std::string longest = certificate + std::string(kBundleBytesMax - certificate.size(), '\n');
  EXPECT_EQ(OutcomeOf(OpenTrustAnchors(folder_.Write("longest.pem", longest))), "ok");
  EXPECT_EQ(OutcomeOf(OpenTrustAnchors(folder_.Write("longer.pem", longest + '\n'))),
            "ca-store-unusable");
}

TEST_F(TrustAnchorsTest, TrustSettingsOfABundleAreKept) {
  const X509Ptr refused(X509_dup(root_.get()));
  ASSERT_EQ(X509_add1_reject_object(refused.get(), OBJ_nid2obj(NID_anyExtendedKeyUsage)), 1);
  const BioPtr bio(BIO_new(BIO_s_mem()));
  ASSERT_EQ(PEM_write_bio_X509_AUX(bio.get(), refused.get()), 1);
  const char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  const Result<X509StorePtr> store = OpenTrustAnchors(
      folder_.Write("anchors.pem", std::string(text, static_cast<std::size_t>(size))));
  ASSERT_EQ(OutcomeOf(store), "ok");
  const STACK_OF(X509_OBJECT)* objects = X509_STORE_get0_objects(store->get());
  ASSERT_EQ(sk_X509_OBJECT_num(objects), 1);
  X509* kept = X509_OBJECT_get0_X509(sk_X509_OBJECT_value(objects, 0));
  EXPECT_EQ(X509_check_trust(kept, X509_TRUST_DEFAULT, 0), X509_TRUST_REJECTED);
}

}  // namespace
}  // namespace eic
