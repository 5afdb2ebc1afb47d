// Goal of this test: the search for another path keeps to its limits and to the store's trust
// settings. Which paths are found, and what is told where none is, the vectors named path-* hold.
#include "core/other_paths.h"

#include <gtest/gtest.h>

#include "core/limits.h"
#include "tests/core/trust.h"
#include "tests/testkit/cases.h"

namespace eic {
namespace {

using testkit::CertificatePlan;
using testkit::kNow;
using testkit::World;

class OtherPathsTest : public ::testing::Test {
 protected:
  // An intermediate of the same name and key.
  X509* Twin(std::int64_t serial = 8) {
    CertificatePlan twin = world_.plan.intermediate;
    twin.spec.serial = serial;
    return world_.Issue(twin, world_.root);
  }

  // The serials of the intermediates on the paths of two steps that hold, in their order.
  std::vector<std::int64_t> SerialsFound(OtherPaths& paths) const {
    std::vector<std::int64_t> serials;
    while (const std::optional<VerifiedChain> chain = paths.Next()) {
      const ASN1_INTEGER* serial = X509_get0_serialNumber(chain->path()[1].get());
      serials.push_back(ASN1_INTEGER_get(serial));
    }
    return serials;
  }

  ServedChain Served() const { return *ParseServedChain(world_.Serve().signer_cert); }

  testkit::KeyRing keys_ = TestKeys();
  World world_{keys_};
  HasTime always_ = [] { return true; };
};

TEST_F(OtherPathsTest, FindsEachPathOnce) {
  world_.served = {world_.signer, world_.intermediate, Twin(8), Twin(9), world_.root};
  const ServedChain served = Served();
  const X509StorePtr store = StoreOf(world_.anchors);
  OtherPaths paths(served, store.get(), kNow, always_);
  EXPECT_EQ(SerialsFound(paths), (std::vector<std::int64_t>{2, 8, 9}));
}

TEST_F(OtherPathsTest, LooksIntoTheStoreFirst) {
  const ServedChain served = Served();
  const X509StorePtr store = StoreOf({world_.root, Twin(8)});
  OtherPaths paths(served, store.get(), kNow, always_);
  EXPECT_EQ(SerialsFound(paths), (std::vector<std::int64_t>{8, 2}));
}

TEST_F(OtherPathsTest, LeavesOutWhatIsAvoided) {
  X509* twin = Twin(8);
  world_.served = {world_.signer, world_.intermediate, twin, world_.root};
  const ServedChain served = Served();
  const X509StorePtr store = StoreOf(world_.anchors);
  OtherPaths paths(served, store.get(), kNow, always_);
  paths.Avoid(twin);
  EXPECT_FALSE(paths.IsOver());
  EXPECT_EQ(SerialsFound(paths), (std::vector<std::int64_t>{2}));
}

TEST_F(OtherPathsTest, AreOverWhereTheSignerIsAvoided) {
  const ServedChain served = Served();
  const X509StorePtr store = StoreOf(world_.anchors);
  OtherPaths paths(served, store.get(), kNow, always_);
  paths.Avoid(served.front().get());
  EXPECT_TRUE(paths.IsOver());
  EXPECT_FALSE(paths.Next().has_value());
}

// An administrator may distrust one certificate of the store (openssl x509 -addreject).
TEST_F(OtherPathsTest, ACertificateThatTheStoreRefusesIsRefusedAsServedToo) {
  X509* refused = Twin(8);
  world_.served = {world_.signer, refused, world_.intermediate, world_.root};
  const ServedChain served = Served();
  const X509Ptr in_store(X509_dup(refused));
  ASSERT_EQ(X509_add1_reject_object(in_store.get(), OBJ_nid2obj(NID_anyExtendedKeyUsage)), 1);
  const X509StorePtr store = StoreOf({in_store.get(), world_.root});
  OtherPaths paths(served, store.get(), kNow, always_);
  EXPECT_EQ(SerialsFound(paths), (std::vector<std::int64_t>{2}));
}

TEST_F(OtherPathsTest, ARootThatTheStoreRefusesIsNoAnchor) {
  const X509Ptr root(X509_dup(world_.root));
  ASSERT_EQ(X509_add1_reject_object(root.get(), OBJ_nid2obj(NID_anyExtendedKeyUsage)), 1);
  const ServedChain served = Served();
  const X509StorePtr store = StoreOf({root.get()});
  OtherPaths paths(served, store.get(), kNow, always_);
  EXPECT_FALSE(paths.Next().has_value());
}

TEST_F(OtherPathsTest, AnIntermediateThatTheStoreTrustsIsAnAnchor) {
  const X509Ptr trusted(X509_dup(world_.intermediate));
  ASSERT_EQ(X509_add1_trust_object(trusted.get(), OBJ_nid2obj(NID_anyExtendedKeyUsage)), 1);
  world_.served = {world_.signer};
  const ServedChain served = Served();
  const X509StorePtr store = StoreOf({trusted.get()});
  OtherPaths paths(served, store.get(), kNow, always_);
  const std::optional<VerifiedChain> chain = paths.Next();
  ASSERT_TRUE(chain.has_value());
  EXPECT_EQ(chain->path().size(), 2U);
}

TEST_F(OtherPathsTest, AnIntermediateOfTheStoreAloneIsNone) {
  world_.served = {world_.signer};
  const ServedChain served = Served();
  const X509StorePtr store = StoreOf({world_.intermediate});
  OtherPaths paths(served, store.get(), kNow, always_);
  EXPECT_FALSE(paths.Next().has_value());
}

TEST_F(OtherPathsTest, WithoutTimeNothingIsTried) {
  const ServedChain served = Served();
  const X509StorePtr store = StoreOf(world_.anchors);
  const HasTime never = [] { return false; };
  OtherPaths paths(served, store.get(), kNow, never);
  EXPECT_FALSE(paths.Next().has_value());
  EXPECT_EQ(paths.paths_tried(), 0U);
  EXPECT_EQ(paths.signatures_checked(), 0);
}

TEST_F(OtherPathsTest, ATangleKeepsToTheLimits) {
  world_.served = testkit::Tangle(world_);
  const ServedChain served = Served();
  const X509StorePtr store = StoreOf(world_.anchors);
  OtherPaths paths(served, store.get(), kNow, always_);
  EXPECT_FALSE(paths.Next().has_value());
  EXPECT_EQ(paths.paths_tried(), kOtherPathsMax);
  // The anchor signed none of the knots, and nothing below it is looked at.
  EXPECT_LE(paths.signatures_checked(), static_cast<int>(kChainCertificatesMax));
}

// Here the authority has signed every knot, so that each path is checked to its end.
TEST_F(OtherPathsTest, SignaturesAreCounted) {
  std::vector<X509*> served = {world_.signer};
  for (std::int64_t serial = 100; served.size() < kChainCertificatesMax; ++serial) {
    served.push_back(Twin(serial));
  }
  std::vector<X509*> anchors = {world_.root};
  for (std::int64_t serial = 200; serial < 240; ++serial) anchors.push_back(Twin(serial));
  world_.served = served;
  const ServedChain parsed = Served();
  const X509StorePtr store = StoreOf(anchors);
  OtherPaths paths(parsed, store.get(), kNow, always_);
  while (paths.Next()) {
  }
  EXPECT_LE(paths.paths_tried(), kOtherPathsMax);
  EXPECT_LE(paths.signatures_checked(), kOtherPathSignaturesMax);
  EXPECT_GT(paths.signatures_checked(), kOtherPathSignaturesMax / 2);
}

}  // namespace
}  // namespace eic
