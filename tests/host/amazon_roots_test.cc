// Goal of this test: certificates/amazon-roots.pem holds the roots that its README names and no
// others, and a chain of the real authority ends there. tests/data/real-ca/SOURCES.md has the
// origin of the chain; no signer of the service is public, so the path begins at its issuer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/pem.h>

#include <array>
#include <string>
#include <vector>

#include "core/signer_chain.h"
#include "host/trust_anchors.h"
#include "issuer/certificates.h"
#include "issuer/files.h"

namespace eic {
namespace {

using ::testing::HasSubstr;

const std::string kFolder = EIC_SOURCE_DIR "/certificates/";
const std::string kFile = kFolder + "amazon-roots.pem";

// 2020-05-20, when the intermediates were valid.
constexpr Instant kThen{1590000000};

// As Amazon Trust Services publishes them: Amazon Root CA 1 to 4, Starfield Services Root G2.
const std::array kFingerprints = {
    "8ecde6884f3d87b1125ba31ac3fcb13d7016de7f57cc904fe1cb97c6ae98196e",
    "1ba5b2aa8c65401a82960118f80bec4f62304d83cec4713a19c39c011ea46db4",
    "18ce6cfe7bf14e60b2e347b8dfe868cb31d02ebb3ada271569f50343b46db3a4",
    "e35d28419ed02025cfa69038cd623962458da5c695fbdea3c22b0bfb25897092",
    "568d6905a2c88708a4b3025190edcfedb1974a606a13c6e5290fcb2ae63edab5"};

std::vector<X509Ptr> Roots() {
  const std::string pem = issuer::ReadFile(kFile);
  const BioPtr text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  std::vector<X509Ptr> roots;
  while (X509* root = PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr)) {
    roots.emplace_back(root);
  }
  return roots;
}

std::string Fingerprint(const X509* certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  if (X509_digest(certificate, EVP_sha256(), digest.data(), &length) != 1) return "";
  std::string text;
  for (unsigned int i = 0; i < length; ++i) {
    constexpr char kDigits[] = "0123456789abcdef";
    text += kDigits[digest.at(i) >> 4];
    text += kDigits[digest.at(i) & 0xf];
  }
  return text;
}

X509Ptr Load(const std::string& name) {
  return issuer::ParseCertificatePem(
      issuer::ReadFile(EIC_SOURCE_DIR "/tests/data/real-ca/" + name + ".pem"));
}

// Where the path from the signer's issuer ends, with the file as --ca-store.
std::string EndOfPath(const std::vector<std::string>& also_served) {
  const Result<TrustStore> found = FindTrustStore(kFile);
  if (!found) return std::string(Slug(found.error().reason));
  const Result<X509StorePtr> store = OpenTrustStore(*found);
  if (!store) return std::string(Slug(store.error().reason));
  const X509Ptr target = Load("ats-server-ca-1b-2025");
  ServedChain served;
  served.push_back(Load("ats-server-ca-1b-2025"));
  for (const std::string& name : also_served) served.push_back(Load(name));
  const Result<std::vector<X509Ptr>> path = BuildPath(target.get(), served, store->get(), kThen);
  return path ? Fingerprint(path->back().get()) : std::string(Slug(path.error().reason));
}

TEST(AmazonRoots, AreTheFiveThatAreNamed) {
  std::vector<std::string> fingerprints;
  for (const X509Ptr& root : Roots()) fingerprints.push_back(Fingerprint(root.get()));
  EXPECT_THAT(fingerprints, ::testing::ElementsAreArray(kFingerprints));
}

TEST(AmazonRoots, AreSelfSignedAuthorities) {
  for (const X509Ptr& root : Roots()) {
    EXPECT_EQ(X509_check_ca(root.get()), 1) << Fingerprint(root.get());
    EXPECT_EQ(X509_check_issued(root.get(), root.get()), X509_V_OK) << Fingerprint(root.get());
    EXPECT_EQ(X509_verify(root.get(), X509_get0_pubkey(root.get())), 1) << Fingerprint(root.get());
  }
}

TEST(AmazonRoots, ReadmeNamesEachByItsFingerprint) {
  const std::string readme = issuer::ReadFile(kFolder + "README.md");
  for (const char* fingerprint : kFingerprints) EXPECT_THAT(readme, HasSubstr(fingerprint));
}

TEST(AmazonRoots, AChainOfTheAuthorityEndsAtOneOfThem) {
  EXPECT_EQ(EndOfPath({}), kFingerprints[0]);
  EXPECT_EQ(EndOfPath({"ats-root-ca-1-cross-by-starfield-g2",
                       "ats-starfield-services-g2-cross-by-class2"}),
            kFingerprints[0]);
}

}  // namespace
}  // namespace eic
