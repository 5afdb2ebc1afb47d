// AWS Signature Version 4: what is signed of a request, its signature, and the headers that carry
// it. https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
//
// Whoever signs (the client) and whoever checks (the emulator) canonicalise by the same code.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/instant.h"

namespace eic::aws {

inline constexpr std::string_view kSignatureAlgorithm = "AWS4-HMAC-SHA256";
inline constexpr std::string_view kScopeTerminator = "aws4_request";

// What a signature covers. Borrows all of it.
struct SignedParts {
  std::string_view method;
  std::string_view path;                              // as it is sent, without the query
  std::string_view query;                             // as it is sent: percent-encoded, without `?`
  const std::map<std::string, std::string>& headers;  // names in lower case
  std::string_view body;
};

// Where a signature holds: on one day, in one region, for one service.
struct SignatureScope {
  std::string date;  // YYYYMMDD
  std::string region;
  std::string service;
};

struct SigningKey {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;  // empty: a long-lived key
};

// 20301231T235959Z; empty for a time outside the calendar.
std::string BasicTime(Instant instant);
std::optional<Instant> ParseBasicTime(const std::string& text);

std::string Sha256Hex(std::string_view bytes);

// The canonical request; nothing when a header of `signed_headers` is missing.
std::optional<std::string> CanonicalRequest(const SignedParts& parts,
                                            const std::vector<std::string>& signed_headers);

// Hexadecimal. `time` is BasicTime's.
std::string SignatureOf(const std::string& canonical_request, const SignatureScope& scope,
                        const std::string& secret_access_key, const std::string& time);

// Adds x-amz-date, x-amz-security-token if there is one, and authorization to `headers`, which are
// those of `parts`. Every header that is there by then is signed; `host` must be one of them.
void AddSignature(const SignedParts& parts, std::map<std::string, std::string>& headers,
                  const SigningKey& key, std::string_view region, std::string_view service,
                  Instant now);

}  // namespace eic::aws
