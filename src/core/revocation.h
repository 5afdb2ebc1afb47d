// Revocation by OCSP staples. doc/design.md step 8; RFC 6960.
#pragma once

#include <vector>

#include "core/evidence.h"
#include "core/instant.h"
#include "core/openssl_handles.h"
#include "core/result.h"
#include "core/signer_chain.h"

namespace eic {

// The signer's key, once its chain holds and nothing on it is revoked. Made by VerifyRevocation
// alone.
class TrustedSigner {
 public:
  // RSA of kRsaBitsMin bits or more; lives as long as this object.
  EVP_PKEY* key() const { return X509_get0_pubkey(certificate_.get()); }

 private:
  explicit TrustedSigner(X509Ptr certificate) : certificate_(std::move(certificate)) {}
  friend Result<TrustedSigner> VerifyRevocation(const VerifiedChain& chain,
                                                const std::vector<Staple>& staples, Instant now);

  X509Ptr certificate_;
};

// Verifies that each certificate of `chain` below the anchor has a staple that
//   - speaks of that serial and that issuer, and whose every word about them is "good",
//   - is signed, over SHA-256, SHA-384 or SHA-512 or by Ed25519, by that issuer or by a responder
//     that this issuer certified,
//   - is fresh: this_update <= now + kClockSkewMaxSeconds and
//               now < next_update + kClockSkewMaxSeconds, both present.
// A genuine "revoked" anywhere among the staples beats every "good". Fails with the reason of the
// staple that is named for the certificate:
//   kStapleMissing, kStapleMalformed, kStapleUnsuccessful, kStapleOtherCertificate,
//   kStapleWeakSignature, kStapleResponderUnauthorized, kStapleSignatureInvalid, kStapleFromFuture,
//   kStapleNoNextUpdate, kStapleStale, kStapleStatusUnknown, kCertificateRevoked
Result<TrustedSigner> VerifyRevocation(const VerifiedChain& chain,
                                       const std::vector<Staple>& staples, Instant now);

}  // namespace eic
