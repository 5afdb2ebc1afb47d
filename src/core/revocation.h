// Revocation by OCSP staples. doc/design.md step 8; RFC 6960.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "core/instant.h"
#include "core/openssl_handles.h"
#include "core/responder.h"
#include "core/result.h"
#include "core/signer_chain.h"
#include "core/staple.h"

namespace eic {

struct Unvouched;

// What one staple says of one certificate.
enum class Word { kGood, kRevoked };

// The staples of the evidence, at most kStaplesMax, each decoded once; and what each one says of a
// certificate, so that OpenSSL checks it once however many paths are tried. Their certificates are
// borrowed: they live as long as this.
class HeardStaples {
 public:
  HeardStaples(const std::vector<Staple>& staples, Instant now);

  // Good if a staple vouches for the subject, and none says "revoked"; otherwise why not.
  Result<Nothing> CheckNotRevoked(const Subject& subject);

 private:
  // Untrusted.
  struct Parsed {
    std::string name;
    Result<OcspBasicResponsePtr> basic;
  };

  const Result<Word>& Hear(std::size_t at, const Subject& subject);
  Result<Word> Judge(const Result<OcspBasicResponsePtr>& staple, const Subject& subject) const;

  Instant now_;
  std::vector<Parsed> staples_;
  std::map<std::tuple<std::size_t, const X509*, const X509*>, Result<Word>> words_;
};

// The signer's key, after its chain was verified and nothing on it is revoked. Made by
// VerifyRevocation alone.
class TrustedSigner {
 public:
  // RSA of kSignerRsaBitsMin bits or more; lives as long as this object.
  EVP_PKEY* key() const { return X509_get0_pubkey(certificate_.get()); }

 private:
  explicit TrustedSigner(X509Ptr certificate) : certificate_(std::move(certificate)) {}
  friend Result<TrustedSigner, Unvouched> VerifyRevocation(const VerifiedChain& chain,
                                                           HeardStaples& staples);

  X509Ptr certificate_;
};

// Why a chain fails, and because of which certificate of its path: 0 is the signer.
struct Unvouched {
  Error error;
  std::size_t at;
};

// Verifies that each certificate of `chain` below the anchor has a staple that
//   - is about that serial and that issuer, and whose every single response about them is "good",
//   - is signed, over SHA-256, SHA-384 or SHA-512 or by Ed25519, by that issuer or by a responder
//     that this issuer certified,
//   - has no critical extension, neither as a whole nor in a single response about them,
//   - is fresh: this_update <= now + kClockSkewMaxSeconds and
//               now < next_update + kClockSkewMaxSeconds, both present.
// A genuine "revoked" anywhere among the staples outweighs every "good". Fails with the reason of
// the staple that is named for the certificate:
//   kStapleMissing, kStapleMalformed, kStapleUnsuccessful, kStapleOtherCertificate,
//   kStapleWeakSignature, kStapleResponderUnauthorized, kStapleSignatureInvalid,
//   kStapleExtensionUnknown, kStapleFromFuture, kStapleNoNextUpdate, kStapleStale,
//   kStapleStatusUnknown, kCertificateRevoked
Result<TrustedSigner, Unvouched> VerifyRevocation(const VerifiedChain& chain,
                                                  HeardStaples& staples);

}  // namespace eic
