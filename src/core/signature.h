// The signature of one record. doc/design.md step 9.
#pragma once

#include <string>

#include "core/result.h"
#include "core/revocation.h"
#include "core/select.h"

namespace eic {

// A key that the service signed for this instance. Made by VerifySignature alone; owns its text.
class VerifiedKey {
 public:
  const SshPublicKey& key() const { return key_; }
  const std::string& caller() const { return caller_; }
  const std::string& request_id() const { return request_id_; }

 private:
  explicit VerifiedKey(const KeyRecord& record)
      : key_(record.key), caller_(record.caller), request_id_(record.request_id) {}
  friend Result<VerifiedKey> VerifySignature(const TrustedSigner& signer,
                                             const Candidate& candidate);

  SshPublicKey key_;
  std::string caller_;
  std::string request_id_;
};

// Verifies the signature of `candidate` over its bytes as they arrived: RSASSA-PSS (RFC 8017
// section 8.1) with SHA-256, MGF1 with SHA-256 and a salt of 32 bytes. Fails with
// kSignatureInvalid.
Result<VerifiedKey> VerifySignature(const TrustedSigner& signer, const Candidate& candidate);

}  // namespace eic
