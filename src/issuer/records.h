// Signed records, as doc/key-blob.md describes them, good ones and ones with a defect.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/instant.h"
#include "core/openssl_handles.h"

namespace eic::issuer {

// How a record is signed. The defaults are the service's: RSASSA-PSS, SHA-256 also for the mask
// generation, 32 bytes of salt (RFC 8017 section 8.1). For keys other than RSA, only the digest
// matters.
struct SignatureScheme {
  const EVP_MD* digest = EVP_sha256();
  const EVP_MD* mask_digest = EVP_sha256();
  int salt_bytes = 32;
  bool pss = true;  // false: RSASSA-PKCS1-v1_5
};

struct RecordSpec {
  std::vector<std::string> metadata_lines;  // "#Timestamp=2000000000", without the line end
  std::string key_line;
  std::size_t wrap_columns = 0;  // of the signature's lines; 0: one line
  SignatureScheme scheme;
};

// What the service says of a pushed key. Empty fields get no line.
struct RecordFields {
  Instant timestamp;  // the expiry
  std::string instance_id;
  std::string caller;
  std::string request_id;
};

// A specification with the lines of `fields` in the service's order.
RecordSpec MakeRecordSpec(const RecordFields& fields, std::string_view key_line);

// What is signed: every metadata line and the key line, each ended by one LF.
std::string SignedBytes(const RecordSpec& spec);

// The signature over `bytes`, raw.
std::string Sign(std::string_view bytes, EVP_PKEY* signer_key, const SignatureScheme& scheme);

// The record's text: the signed bytes, then the signature's lines, each ended by one LF. No blank
// line follows; whoever joins records puts one between them.
std::string SignRecord(const RecordSpec& spec, EVP_PKEY* signer_key);

// The record of `spec` with a signature of the caller's choice.
std::string RecordWithSignature(const RecordSpec& spec, std::string_view signature);

}  // namespace eic::issuer
