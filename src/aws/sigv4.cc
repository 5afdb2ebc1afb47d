#include "aws/sigv4.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>

namespace eic::aws {
namespace {

std::string Hex(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text.push_back("0123456789abcdef"[byte >> 4U]);
    text.push_back("0123456789abcdef"[byte & 0x0FU]);
  }
  return text;
}

// Fails only where OpenSSL has no memory or no SHA-256: nothing works then.
std::string Hmac(std::string_view key, std::string_view text) {
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  const unsigned char* made =
      HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac, &size);
  if (made == nullptr) std::abort();
  return {reinterpret_cast<const char*>(mac), size};
}

std::string Joined(const std::vector<std::string>& parts, char separator) {
  std::string text;
  for (const std::string& part : parts) {
    if (!text.empty()) text.push_back(separator);
    text.append(part);
  }
  return text;
}

// Without blanks at either end, and one in place of several.
std::string Squeezed(std::string_view value) {
  std::string text;
  for (const char c : value) {
    if (c != ' ' || (!text.empty() && text.back() != ' ')) text.push_back(c);
  }
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

// The pairs of the query sorted, each with its `=`.
std::string CanonicalQuery(std::string_view query) {
  if (query.empty()) return "";
  std::vector<std::string> pairs;
  for (std::size_t begin = 0; begin <= query.size();) {
    const std::size_t end = std::min(query.find('&', begin), query.size());
    pairs.emplace_back(query.substr(begin, end - begin));
    if (pairs.back().find('=') == std::string::npos) pairs.back().push_back('=');
    begin = end + 1;
  }
  std::sort(pairs.begin(), pairs.end());
  return Joined(pairs, '&');
}

}  // namespace

std::string BasicTime(Instant instant) {
  const auto time = static_cast<std::time_t>(instant.unix_seconds());
  std::tm parts{};
  char text[32];
  if (::gmtime_r(&time, &parts) == nullptr) return "";
  return {text, std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &parts)};
}

std::optional<Instant> ParseBasicTime(const std::string& text) {
  std::tm parts{};
  const char* end = ::strptime(text.c_str(), "%Y%m%dT%H%M%SZ", &parts);
  if (end == nullptr || *end != '\0' || text.size() != 16) return std::nullopt;
  return Instant(::timegm(&parts));
}

std::string Sha256Hex(std::string_view bytes) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest, &size, EVP_sha256(), nullptr) != 1) {
    std::abort();
  }
  return Hex({reinterpret_cast<const char*>(digest), size});
}

std::optional<std::string> CanonicalRequest(const SignedParts& parts,
                                            const std::vector<std::string>& signed_headers) {
  std::string text = std::string(parts.method) + "\n" + std::string(parts.path) + "\n" +
                     CanonicalQuery(parts.query) + "\n";
  for (const std::string& name : signed_headers) {
    const auto header = parts.headers.find(name);
    if (header == parts.headers.end()) return std::nullopt;
    text.append(name).append(":").append(Squeezed(header->second)).append("\n");
  }
  return text.append("\n")
      .append(Joined(signed_headers, ';'))
      .append("\n")
      .append(Sha256Hex(parts.body));
}

std::string SignatureOf(const std::string& canonical_request, const SignatureScope& scope,
                        const std::string& secret_access_key, const std::string& time) {
  const std::string terminator(kScopeTerminator);
  const std::string to_sign = std::string(kSignatureAlgorithm) + "\n" + time + "\n" + scope.date +
                              "/" + scope.region + "/" + scope.service + "/" + terminator + "\n" +
                              Sha256Hex(canonical_request);
  std::string key = Hmac("AWS4" + secret_access_key, scope.date);
  key = Hmac(key, scope.region);
  key = Hmac(key, scope.service);
  return Hex(Hmac(Hmac(key, terminator), to_sign));
}

void AddSignature(const SignedParts& parts, std::map<std::string, std::string>& headers,
                  const SigningKey& key, std::string_view region, std::string_view service,
                  Instant now) {
  const std::string time = BasicTime(now);
  headers["x-amz-date"] = time;
  if (!key.session_token.empty()) headers["x-amz-security-token"] = key.session_token;
  const SignatureScope scope{time.substr(0, 8), std::string(region), std::string(service)};
  std::vector<std::string> names;
  for (const auto& [name, value] : headers) names.push_back(name);
  const std::string signature =
      SignatureOf(CanonicalRequest(parts, names).value_or(""), scope, key.secret_access_key, time);
  headers["authorization"] = std::string(kSignatureAlgorithm) + " Credential=" + key.access_key_id +
                             "/" + scope.date + "/" + scope.region + "/" + scope.service + "/" +
                             std::string(kScopeTerminator) +
                             ", SignedHeaders=" + Joined(names, ';') + ", Signature=" + signature;
}

}  // namespace eic::aws
