// Goal of this test: paths over the certificates of the real authority end where they should, and
// staples have the names that the real service gives them. Where the files come from stands in
// tests/data/real-ca/SOURCES.md. No signer of the service is public, so the path begins at its
// issuer; signer_chain_test.cc has the whole topology with keys of our own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/bytes.h"
#include "core/signer_chain.h"
#include "issuer/files.h"
#include "tests/core/trust.h"

namespace eic {
namespace {

using ::testing::Contains;
using ::testing::Not;

// 2020-05-20, when every one of the certificates was valid.
constexpr Instant kThen{1590000000};
constexpr Instant kIn2033{2000000000};

const std::filesystem::path kFolder = EIC_SOURCE_DIR "/tests/data/real-ca";

X509Ptr Load(const std::string& name) {
  return issuer::ParseCertificatePem(issuer::ReadFile(kFolder / (name + ".pem")));
}

std::vector<std::string> Listed(const std::string& name) {
  const std::string list = issuer::ReadFile(kFolder / name);
  std::vector<std::string> names;
  LineCursor lines(list);
  while (!lines.AtEnd()) names.emplace_back(WithoutLineEnd(lines.Next()));
  return names;
}

class RealCa : public ::testing::Test {
 protected:
  // The path from `target` to one of `anchors`, where the cross-signed roots are served.
  Result<std::vector<X509Ptr>> Build(X509* target, const std::vector<X509*>& anchors,
                                     Instant now) const {
    ServedChain served;
    for (X509* certificate : {target, crossed_root_.get(), crossed_starfield_.get()}) {
      X509_up_ref(certificate);
      served.emplace_back(certificate);
    }
    const X509StorePtr store = StoreOf(anchors);
    return BuildPath(target, served, store.get(), now);
  }

  const X509Ptr server_ca_ = Load("ats-server-ca-1b-2025");
  const X509Ptr reissued_server_ca_ = Load("ats-server-ca-1b-2040-reissue");
  const X509Ptr crossed_root_ = Load("ats-root-ca-1-cross-by-starfield-g2");
  const X509Ptr crossed_starfield_ = Load("ats-starfield-services-g2-cross-by-class2");
  const X509Ptr amazon_root_ = Load("root-amazon-ca-1");
  const X509Ptr starfield_root_ = Load("root-starfield-services-g2");
  const X509Ptr class2_root_ = Load("root-starfield-class-2");
};

TEST_F(RealCa, APathThatCouldGoOnEndsAtAmazonRootCa1) {
  const Result<std::vector<X509Ptr>> path = Build(
      server_ca_.get(), {class2_root_.get(), starfield_root_.get(), amazon_root_.get()}, kThen);
  ASSERT_TRUE(path.ok()) << path.error().detail;
  ASSERT_EQ(path->size(), 2U);
  EXPECT_EQ(X509_cmp(path->back().get(), amazon_root_.get()), 0);
}

TEST_F(RealCa, TheReissuedServerCaEndsThereToo) {
  const Result<std::vector<X509Ptr>> path =
      Build(reissued_server_ca_.get(),
            {class2_root_.get(), starfield_root_.get(), amazon_root_.get()}, kIn2033);
  ASSERT_TRUE(path.ok()) << path.error().detail;
  EXPECT_EQ(X509_cmp(path->back().get(), amazon_root_.get()), 0);
}

TEST_F(RealCa, AStoreOfStarfieldAloneEndsThePathThere) {
  const Result<std::vector<X509Ptr>> path = Build(server_ca_.get(), {starfield_root_.get()}, kThen);
  ASSERT_TRUE(path.ok()) << path.error().detail;
  ASSERT_EQ(path->size(), 3U);
  EXPECT_EQ(X509_cmp(path->back().get(), starfield_root_.get()), 0);
}

#if OPENSSL_VERSION_NUMBER >= 0x30000000L
// Starfield Class 2 does not meet strict mode, so no path may end there, and no other needs to.
TEST_F(RealCa, StarfieldClass2EndsNoPath) {
  const Result<std::vector<X509Ptr>> path = Build(server_ca_.get(), {class2_root_.get()}, kThen);
  ASSERT_FALSE(path.ok());
  EXPECT_EQ(Slug(path.error().reason), Slug(Reason::kChainInvalid));
}
#endif

TEST_F(RealCa, WhatIsServedIsNoAnchor) {
  const Result<std::vector<X509Ptr>> path = Build(server_ca_.get(), {}, kThen);
  ASSERT_FALSE(path.ok());
  EXPECT_EQ(Slug(path.error().reason), Slug(Reason::kChainUntrusted));
}

TEST_F(RealCa, TheFirstServerCaHasExpired) {
  const Result<std::vector<X509Ptr>> path = Build(server_ca_.get(), {amazon_root_.get()}, kIn2033);
  ASSERT_FALSE(path.ok());
  EXPECT_EQ(Slug(path.error().reason), Slug(Reason::kCertificateExpired));
}

TEST_F(RealCa, StaplesAreNamedAsTheServiceNamesThem) {
  const std::vector<std::string> sha1 = Listed("signer-ocsp-list-sha1.txt");
  const std::vector<std::string> sha256 = Listed("signer-ocsp-list-sha256.txt");
  for (const X509* listed_in_both : {server_ca_.get(), crossed_root_.get()}) {
    const std::vector<std::string> names = StapleNames(listed_in_both);
    ASSERT_EQ(names.size(), 2U);
    EXPECT_THAT(sha1, Contains(names[0]));
    EXPECT_THAT(sha256, Contains(names[1]));
  }
  EXPECT_THAT(sha256, Contains(StapleNames(crossed_starfield_.get())[1]));
  for (const std::string& name : StapleNames(reissued_server_ca_.get())) {
    EXPECT_THAT(sha1, Not(Contains(name)));
    EXPECT_THAT(sha256, Not(Contains(name)));
  }
}

}  // namespace
}  // namespace eic
