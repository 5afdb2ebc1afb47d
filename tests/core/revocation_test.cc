// Goal of this test: the edges of a staple's life, and what staples can and cannot say together.
// One defect each stands in the vectors named staple-* and responder-*.
#include "core/revocation.h"

#include <gtest/gtest.h>

#include "core/limits.h"
#include "tests/core/trust.h"

namespace eic {
namespace {

using testkit::kNow;
using testkit::StapleDraft;
using testkit::World;

class Revocation : public ::testing::Test {
 protected:
  // Empty where the signer is trusted, else the slug.
  std::string SlugOf(const std::vector<Staple>& staples, Instant now = kNow) const {
    const Result<VerifiedChain> chain = VerifyChainOf(world_);
    const Result<TrustedSigner> signer = VerifyStaples(*chain, staples, now);
    return signer ? "" : std::string(Slug(signer.error().reason));
  }
  std::string SlugOfWorld(Instant now = kNow) const { return SlugOf(StaplesOf(world_), now); }

  Staple Serve(const StapleDraft& draft) const {
    return {draft.name, issuer::StapleBase64(issuer::MakeStaple(draft.spec))};
  }

  testkit::KeyRing keys_ = TestKeys();
  World world_{keys_};
};

struct LifeRow {
  const char* name;
  Instant this_update;
  Instant next_update;
  const char* slug;
};

class StapleLife : public Revocation, public ::testing::WithParamInterface<LifeRow> {};

TEST_P(StapleLife, HasItsEdges) {
  world_.signer_staple().word().this_update = GetParam().this_update;
  world_.signer_staple().word().next_update = GetParam().next_update;
  EXPECT_EQ(SlugOfWorld(), GetParam().slug);
}

// this_update <= now + 300 and now < next_update + 300
INSTANTIATE_TEST_SUITE_P(
    All, StapleLife,
    ::testing::Values(LifeRow{"BeginsNow", kNow, kNow + 60, ""},
                      LifeRow{"Begins299Ahead", kNow + 299, kNow + 999, ""},
                      LifeRow{"Begins300Ahead", kNow + 300, kNow + 999, ""},
                      LifeRow{"Begins301Ahead", kNow + 301, kNow + 999, "staple-from-future"},
                      LifeRow{"EndsNow", kNow - 999, kNow, ""},
                      LifeRow{"Ended299Ago", kNow - 999, kNow - 299, ""},
                      LifeRow{"Ended300Ago", kNow - 999, kNow - 300, "staple-stale"},
                      LifeRow{"EndsBeforeItBegins", kNow + 200, kNow + 100, "staple-malformed"},
                      LifeRow{"Ended301Ago", kNow - 999, kNow - 301, "staple-stale"},
                      LifeRow{"EndsIn1900", kNow - 999, Instant(-2208988800), "staple-stale"},
                      LifeRow{"EndsIn9999", kNow - 999, Instant(253402300799), ""}),
    [](const auto& row) { return std::string(row.param.name); });

// The same words at other moments: no clock but the argument has a say.
TEST_F(Revocation, FollowsTheTimeItIsGiven) {
  const Instant next_update = *world_.signer_staple().word().next_update;
  EXPECT_EQ(SlugOfWorld(next_update + 299), "");
  EXPECT_EQ(SlugOfWorld(next_update + 300), "staple-stale");
  const Instant this_update = world_.signer_staple().word().this_update;
  EXPECT_EQ(SlugOfWorld(this_update - 300), "");
  EXPECT_EQ(SlugOfWorld(this_update - 301), "staple-from-future");
}

TEST_F(Revocation, ARevocationUnderAnyNameBeatsWhatIsGood) {
  StapleDraft revoked = world_.StapleFor(world_.signer, world_.intermediate, "intermediate");
  revoked.word().status = issuer::CertificateStatus::kRevoked;
  revoked.name = std::string(40, '0');
  for (const bool first : {true, false}) {
    std::vector<Staple> staples = StaplesOf(world_);
    staples.insert(first ? staples.begin() : staples.end(), Serve(revoked));
    EXPECT_EQ(SlugOf(staples), "certificate-revoked");
  }
}

TEST_F(Revocation, AForgedRevocationHasNoSay) {
  StapleDraft forged = world_.StapleFor(world_.signer, world_.intermediate, "intermediate");
  forged.word().status = issuer::CertificateStatus::kRevoked;
  forged.spec.break_signature = true;
  forged.name = std::string(40, '0');
  std::vector<Staple> staples = StaplesOf(world_);
  staples.insert(staples.begin(), Serve(forged));
  EXPECT_EQ(SlugOf(staples), "");
}

TEST_F(Revocation, AnUnfetchedStapleOfAnUnusedCertificateDoesNotMatter) {
  std::vector<Staple> staples = StaplesOf(world_);
  staples.insert(staples.begin(), {std::string(40, '0'), Error{Reason::kImdsTimeout, ""}});
  EXPECT_EQ(SlugOf(staples), "");
}

TEST_F(Revocation, AnUnfetchedStapleTellsWhy) {
  std::vector<Staple> staples = StaplesOf(world_);
  for (Staple& staple : staples) staple.base64 = Error{Reason::kImdsTimeout, ""};
  EXPECT_EQ(SlugOf(staples), "imds-timeout");
}

TEST_F(Revocation, MoreStaplesThanTheLimitAreNotRead) {
  std::vector<Staple> staples(kStaplesMax, Staple{std::string(40, '0'), std::string("AAAA")});
  const std::vector<Staple> good = StaplesOf(world_);
  staples.insert(staples.end(), good.begin(), good.end());
  EXPECT_EQ(SlugOf(staples), "staple-missing");
}

TEST_F(Revocation, TheAnchorNeedsNoStaple) {
  EXPECT_EQ(StaplesOf(world_).size(), 2U);
  EXPECT_EQ(SlugOfWorld(), "");
}

}  // namespace
}  // namespace eic
