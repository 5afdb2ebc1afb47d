// Staples: OCSP responses (RFC 6960), good ones and ones with a defect that a test asks for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/instant.h"
#include "core/openssl_handles.h"
#include "issuer/certificates.h"

namespace eic::issuer {

enum class CertificateStatus { kGood, kRevoked, kUnknown };

// What a staple says of one certificate. The certificates are borrowed until MakeStaple returns.
struct SingleResponseSpec {
  X509* subject = nullptr;
  X509* issuer = nullptr;  // whose name and key are in the CertID
  CertificateStatus status = CertificateStatus::kGood;
  Instant this_update;
  std::optional<Instant> next_update;
  std::optional<Instant> revoked_at;                 // this_update when nothing is set
  const EVP_MD* certificate_id_digest = EVP_sha1();  // of the CertID
  std::optional<std::int64_t> serial;                // in place of the subject's
  std::vector<ExtraExtension> extensions;
};

struct StapleSpec {
  std::vector<SingleResponseSpec> responses;

  // Who signs: the issuer itself, or a responder that it certified. OpenSSL refuses a key that does
  // not fit the certificate; for a forged signature issue a certificate of the same name first.
  X509* responder = nullptr;
  EVP_PKEY* responder_key = nullptr;
  const EVP_MD* digest = EVP_sha256();
  bool pss_padding = false;            // RSASSA-PSS with a salt as long as the digest
  bool name_responder_by_key = false;  // by its key's SHA-1 in place of its name

  std::vector<ExtraExtension> extensions;  // of the response as a whole
  std::vector<X509*> included_certificates;
  Instant produced_at;

  // Any but OCSP_RESPONSE_STATUS_SUCCESSFUL gives a response without contents.
  int response_status = OCSP_RESPONSE_STATUS_SUCCESSFUL;
  bool break_signature = false;  // turns over the signature's last bit
};

// The DER of one OCSPResponse. It has no nonce, because staples are made before anybody asks.
std::string MakeStaple(const StapleSpec& spec);

// What the metadata service serves for it.
std::string StapleBase64(const std::string& der);

}  // namespace eic::issuer
