// Goal of this test: where a path ends, and what differs between versions of OpenSSL but must be
// refused by each. One defect each stands in the vectors named signer-* and chain-*.
#include "core/signer_chain.h"

#include <gtest/gtest.h>

#include "core/limits.h"
#include "tests/core/trust.h"

namespace eic {
namespace {

using testkit::CertificatePlan;
using testkit::ChainPlan;
using testkit::GoodPlan;
using testkit::kNow;
using testkit::World;

class SignerChain : public ::testing::Test {
 protected:
  std::string SlugOf(const World& world) const {
    const Result<VerifiedChain> chain = VerifyChainOf(world);
    return chain ? "" : std::string(Slug(chain.error().reason));
  }

  testkit::KeyRing keys_ = TestKeys();
};

TEST_F(SignerChain, EndsAtTheAnchor) {
  const World world(keys_);
  const Result<VerifiedChain> chain = VerifyChainOf(world);
  ASSERT_TRUE(chain.ok());
  ASSERT_EQ(chain->path().size(), 3U);
  EXPECT_EQ(X509_cmp(chain->signer(), world.signer), 0);
  EXPECT_EQ(X509_cmp(chain->path()[1].get(), world.intermediate), 0);
  EXPECT_EQ(X509_cmp(chain->path()[2].get(), world.root), 0);
}

// The topology of the real authority, with keys of our own: the root is served as the old root
// signed it, and the store holds both roots.
class CrossSigned : public SignerChain {
 protected:
  CrossSigned() {
    CertificatePlan old{issuer::RootSpec(kNow), "old-root", "old-root"};
    old.spec.common_names = {"Throw-away old root"};
    old_root_ = world_.Issue(old, nullptr);
    CertificatePlan crossed = world_.plan.root;
    crossed.signed_by = "old-root";
    crossed.spec.serial = 7;
    crossed_ = world_.Issue(crossed, old_root_);
    world_.served = {world_.signer, world_.intermediate, crossed_, old_root_};
  }

  World world_{keys_};
  X509* old_root_;
  X509* crossed_;
};

TEST_F(CrossSigned, PathEndsAtTheNearestAnchor) {
  world_.anchors = {old_root_, world_.root};
  const Result<VerifiedChain> chain = VerifyChainOf(world_);
  ASSERT_TRUE(chain.ok()) << chain.error().detail;
  ASSERT_EQ(chain->path().size(), 3U);
  EXPECT_EQ(X509_cmp(chain->path().back().get(), world_.root), 0);
}

TEST_F(CrossSigned, PathGoesOnWhereTheOldRootAloneIsAnAnchor) {
  world_.anchors = {old_root_};
  const Result<VerifiedChain> chain = VerifyChainOf(world_);
  ASSERT_TRUE(chain.ok()) << chain.error().detail;
  ASSERT_EQ(chain->path().size(), 4U);
  EXPECT_EQ(X509_cmp(chain->path().back().get(), old_root_), 0);
}

// Strict mode would refuse the old root, if the path went there.
TEST_F(CrossSigned, PathDoesNotReachAnOldRootThatWouldNotDo) {
  CertificatePlan old{issuer::RootSpec(kNow), "old-root", "old-root"};
  old.spec.common_names = {"Throw-away old root"};
  old.spec.basic_constraints_critical = false;
  old.spec.key_usage.reset();
  X509* lax = world_.Issue(old, nullptr);
  world_.anchors = {lax, world_.root};
  EXPECT_EQ(SlugOf(world_), "");
#if OPENSSL_VERSION_NUMBER >= 0x30000000L
  world_.anchors = {lax};
  EXPECT_EQ(SlugOf(world_), "chain-invalid");
#endif
}

TEST_F(SignerChain, AnIssuerThatMayNotSignIsRefused) {
  ChainPlan plan = GoodPlan();
  plan.intermediate.spec.key_usage = KU_DIGITAL_SIGNATURE;
  // Whether it is found and fails, or is not found, depends on the version of OpenSSL.
  const std::string slug = SlugOf(World(keys_, plan));
  EXPECT_TRUE(slug == "chain-invalid" || slug == "chain-untrusted") << slug;
}

#if OPENSSL_VERSION_NUMBER >= 0x30000000L
// Demands of strict mode that OpenSSL 1.1.1 does not make.
TEST_F(SignerChain, StrictModeLooksAtTheIntermediate) {
  ChainPlan plan = GoodPlan();
  plan.intermediate.spec.basic_constraints_critical = false;
  EXPECT_EQ(SlugOf(World(keys_, plan)), "chain-invalid");

  plan = GoodPlan();
  plan.intermediate.spec.key_usage.reset();
  EXPECT_EQ(SlugOf(World(keys_, plan)), "chain-invalid");
}
#endif

TEST_F(SignerChain, AStoreOfTheIntermediateAloneEndsNoPath) {
  World world(keys_);
  world.anchors = {world.intermediate};
  EXPECT_EQ(SlugOf(world), "chain-untrusted");
}

TEST_F(SignerChain, AnEmptyStoreEndsNoPath) {
  World world(keys_);
  world.anchors = {};
  EXPECT_EQ(SlugOf(world), "chain-untrusted");
}

TEST_F(SignerChain, NothingServedIsNoChain) {
  const X509StorePtr store = StoreOf({});
  EXPECT_EQ(Slug(VerifyChain({}, TestSignerName(), store.get(), kNow).error().reason),
            Slug(Reason::kChainMalformed));
}

TEST_F(SignerChain, LimitsHold) {
  const World world(keys_);
  std::string pem = world.Serve().signer_cert;
  pem.resize(kChainPemBytesMax, '\n');
  EXPECT_TRUE(ParseServedChain(pem).ok());
  EXPECT_EQ(Slug(ParseServedChain(pem + '\n').error().reason), Slug(Reason::kChainTooLong));

  std::string certificates;
  for (std::size_t i = 0; i < kChainCertificatesMax; ++i) {
    certificates += issuer::CertificatePem(world.signer);
  }
  EXPECT_EQ(ParseServedChain(certificates)->size(), kChainCertificatesMax);
  certificates += issuer::CertificatePem(world.signer);
  EXPECT_EQ(Slug(ParseServedChain(certificates).error().reason), Slug(Reason::kChainTooLong));
}

TEST_F(SignerChain, SubjectTextNamesACertificate) {
  const World world(keys_);
  EXPECT_EQ(SubjectText(world.signer), std::string("CN=") + TestSignerName().text());
}

}  // namespace
}  // namespace eic
