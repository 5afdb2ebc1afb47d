// One staple, as DER: core/revocation. It is served for the signer of the good chain, beside the
// good staple of its issuer.
#include "core/base64.h"
#include "core/limits.h"
#include "core/revocation.h"
#include "tests/fuzz/fixture.h"
#include "tests/fuzz/properties.h"
#include "tests/fuzz/targets.h"

namespace eic::fuzz {
namespace {

const VerifiedChain& GoodChain() {
  static const auto* const chain = [] {
    const Result<ServedChain> served = ParseServedChain(GoodEvidence().chain_pem);
    return new Result<VerifiedChain>(VerifyChain(*served, ExpectedName(), Anchors(), kNow));
  }();
  return **chain;
}

// The staple in `served` that is named for the certificate at `place` of the good path.
eic::Staple StapleOf(const ServedFolder& served, std::size_t place) {
  const std::string name = StapleNames(GoodChain().path()[place].get()).front();
  for (const eic::Staple& staple : served.staples) {
    if (staple.name == name) return staple;
  }
  Hold(false, "the fixture has a staple for each certificate");
  std::abort();
}

Result<TrustedSigner, Unvouched> Hear(const std::vector<eic::Staple>& staples) {
  HeardStaples heard(staples, kNow);
  return VerifyRevocation(GoodChain(), heard);
}

struct Fixture {
  eic::Staple signer = StapleOf(GoodEvidence(), 0);
  eic::Staple intermediate = StapleOf(GoodEvidence(), 1);
  eic::Staple revoked = StapleOf(ReadEvidence("staple-signer-revoked"), 0);
};

}  // namespace

void Staple(std::string_view input) {
  static const auto* const fixture = new Fixture;
  const eic::Staple fuzzed{fixture->signer.name, EncodeBase64(input)};

  const Result<TrustedSigner, Unvouched> alone = Hear({fuzzed, fixture->intermediate});
  if (alone) {
    // OpenSSL verifies the signature over what it encodes anew, so it is that which must be
    // genuine; around it, an encoding may differ.
    Hold(GenuineResponses().count(SignedPartOf(input)) == 1,
         "a staple that counts says what the authority signed");
  }
  const Result<TrustedSigner, Unvouched> revoked =
      Hear({fuzzed, fixture->signer, fixture->revoked, fixture->intermediate});
  Hold(!revoked && revoked.error().error.reason == Reason::kCertificateRevoked,
       "no staple silences a genuine revocation");
}

}  // namespace eic::fuzz
