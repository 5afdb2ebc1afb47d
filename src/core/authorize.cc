#include "core/authorize.h"

#include <utility>

namespace eic {
namespace {

// Steps 7 and 8: from served bytes to a key that may be believed.
Result<TrustedSigner> VerifySigner(const Evidence& evidence, X509_STORE* anchors, Instant now) {
  const Result<std::string> signer_name = ExpectedSignerName(evidence.location);
  if (!signer_name) return signer_name.error();

  const Result<VerifiedChain> chain = VerifyChain(evidence.chain, *signer_name, anchors, now);
  if (!chain) return chain.error();

  return VerifyRevocation(*chain, evidence.staples, now);
}

}  // namespace

Decision RejectAll(const Candidates& candidates, const Error& error) {
  Decision decision{{}, candidates.rejections};
  for (const KeyRecord& record : candidates.records) {
    decision.rejections.push_back(Reject(record, error));
  }
  return decision;
}

Decision VerifyCandidates(const Candidates& candidates, const Evidence& evidence,
                          X509_STORE* anchors, Instant now) {
  const Result<TrustedSigner> signer = VerifySigner(evidence, anchors, now);
  if (!signer) return RejectAll(candidates, signer.error());

  Decision decision{{}, candidates.rejections};
  for (const KeyRecord& record : candidates.records) {
    Result<VerifiedKey> key = VerifySignature(*signer, record);
    if (key) {
      decision.keys.push_back(*std::move(key));
    } else {
      decision.rejections.push_back(Reject(record, key.error()));
    }
  }
  return decision;
}

}  // namespace eic
