#include "core/authorize.h"

#include <optional>
#include <utility>

namespace eic {
namespace {

// What ends the search for another path: the store cannot be read, or the signer itself is
// invalid.
bool IsFinal(const Error& error) {
  switch (error.reason) {
    case Reason::kChainUntrusted:
    case Reason::kChainInvalid:
    case Reason::kCertificateExpired:
    case Reason::kCertificateNotYetValid:
    case Reason::kCertificateWeak:
      return false;
    default:
      return true;
  }
}

// Step 8 for one path. A revoked certificate rules out all other paths over it.
Result<TrustedSigner> Hear(const VerifiedChain& chain, HeardStaples& staples, OtherPaths& others) {
  Result<TrustedSigner, Unvouched> signer = VerifyRevocation(chain, staples);
  if (signer) return *std::move(signer);
  const Unvouched& why = signer.error();
  if (why.error.reason == Reason::kCertificateRevoked) others.Avoid(chain.path()[why.at].get());
  return why.error;
}

}  // namespace

Decision RejectAll(const Selection& selection, const Error& error) {
  Decision decision{{}, selection.rejections};
  for (const Candidate& candidate : selection.candidates) {
    decision.rejections.push_back(Reject(candidate.record(), error));
  }
  return decision;
}

Result<TrustedSigner> VerifySigner(const Evidence& evidence, X509_STORE* anchors, Instant now,
                                   const HasTime& has_time) {
  const Result<SignerName> signer_name = ExpectedSignerName(evidence.location);
  if (!signer_name) return signer_name.error();

  const Result<VerifiedChain> first = VerifyChain(evidence.chain, *signer_name, anchors, now);
  if (!first && IsFinal(first.error())) return first.error();

  HeardStaples staples(evidence.staples, now);
  OtherPaths others(evidence.chain, anchors, now, has_time);
  Result<TrustedSigner> told =
      first ? Hear(*first, staples, others) : Result<TrustedSigner>(first.error());
  while (!told) {
    const std::optional<VerifiedChain> chain = others.Next();
    if (!chain) break;
    Result<TrustedSigner> signer = Hear(*chain, staples, others);
    if (signer || others.IsOver()) return signer;
  }
  return told;
}

Decision VerifyCandidates(const Selection& selection, const Evidence& evidence, X509_STORE* anchors,
                          Instant now, const HasTime& has_time) {
  const Result<TrustedSigner> signer = VerifySigner(evidence, anchors, now, has_time);
  if (!signer) return RejectAll(selection, signer.error());

  Decision decision{{}, selection.rejections};
  for (const Candidate& candidate : selection.candidates) {
    Result<VerifiedKey> key = VerifySignature(*signer, candidate);
    if (key) {
      decision.keys.push_back(*std::move(key));
    } else {
      decision.rejections.push_back(Reject(candidate.record(), key.error()));
    }
  }
  return decision;
}

}  // namespace eic
