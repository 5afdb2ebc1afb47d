#include "emulator/sigv4.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <ctime>

#include "emulator/emulator_error.h"
#include "emulator/limits.h"

namespace eic::emulator {
namespace {

using Kind = SignatureProblem::Kind;

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view kTerminator = "aws4_request";

// What an Authorization header says.
struct Authorization {
  std::string access_key_id;
  std::string date;  // YYYYMMDD
  std::string region;
  std::string service;
  std::string terminator;
  std::vector<std::string> signed_headers;  // as they stand: sorted, in lower case
  std::string signature;                    // hexadecimal
};

std::string Hex(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text.push_back("0123456789abcdef"[byte >> 4U]);
    text.push_back("0123456789abcdef"[byte & 0x0FU]);
  }
  return text;
}

std::string Sha256Hex(std::string_view bytes) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest, &size, EVP_sha256(), nullptr) != 1) {
    throw EmulatorError("cannot compute SHA-256");
  }
  return Hex({reinterpret_cast<const char*>(digest), size});
}

std::string Hmac(std::string_view key, std::string_view text) {
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  const unsigned char* made =
      HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac, &size);
  if (made == nullptr) throw EmulatorError("cannot make a MAC");
  return {reinterpret_cast<const char*>(mac), size};
}

std::vector<std::string> Split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
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

// 20301231T235959Z
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

// The pairs of the query sorted, each with its `=`.
std::string CanonicalQuery(std::string_view query) {
  if (query.empty()) return "";
  std::vector<std::string> pairs = Split(query, '&');
  for (std::string& pair : pairs) {
    if (pair.find('=') == std::string::npos) pair.push_back('=');
  }
  std::sort(pairs.begin(), pairs.end());
  return Joined(pairs, '&');
}

// Nothing when a signed header is not there.
std::optional<std::string> CanonicalRequest(const HttpRequest& request,
                                            const std::vector<std::string>& signed_headers) {
  std::string text = request.method + "\n" + request.path + "\n" + CanonicalQuery(request.query);
  text.push_back('\n');
  for (const std::string& name : signed_headers) {
    const std::optional<std::string> value = request.Header(name);
    if (!value) return std::nullopt;
    text.append(name).append(":").append(Squeezed(*value)).append("\n");
  }
  return text.append("\n")
      .append(Joined(signed_headers, ';'))
      .append("\n")
      .append(Sha256Hex(request.body));
}

std::string SignatureOf(const std::string& canonical_request, const Authorization& scope,
                        const std::string& secret, const std::string& time) {
  const std::string to_sign = std::string(kAlgorithm) + "\n" + time + "\n" + scope.date + "/" +
                              scope.region + "/" + scope.service + "/" + std::string(kTerminator) +
                              "\n" + Sha256Hex(canonical_request);
  std::string key = Hmac("AWS4" + secret, scope.date);
  key = Hmac(key, scope.region);
  key = Hmac(key, scope.service);
  return Hex(Hmac(Hmac(key, kTerminator), to_sign));
}

// `NAME=VALUE` of a comma-separated list.
std::string Parameter(std::string_view list, std::string_view name) {
  for (const std::string& part : Split(list, ',')) {
    const std::string text = Squeezed(part);
    if (text.size() > name.size() && text.compare(0, name.size(), name) == 0 &&
        text[name.size()] == '=') {
      return text.substr(name.size() + 1);
    }
  }
  return "";
}

std::optional<Authorization> ParseAuthorization(std::string_view header) {
  if (header.substr(0, kAlgorithm.size() + 1) != std::string(kAlgorithm) + " ") return std::nullopt;
  header.remove_prefix(kAlgorithm.size() + 1);
  const std::vector<std::string> scope = Split(Parameter(header, "Credential"), '/');
  const std::string signed_headers = Parameter(header, "SignedHeaders");
  if (scope.size() != 5 || signed_headers.empty()) return std::nullopt;
  Authorization parsed{scope[0],
                       scope[1],
                       scope[2],
                       scope[3],
                       scope[4],
                       Split(signed_headers, ';'),
                       Parameter(header, "Signature")};
  if (parsed.signature.empty()) return std::nullopt;
  return parsed;
}

std::optional<SignatureProblem> CheckTime(const std::string& time, Instant now) {
  const std::optional<Instant> signed_at = ParseBasicTime(time);
  if (!signed_at) {
    return SignatureProblem{Kind::kIncomplete,
                            "Date must be in ISO-8601 'basic format'. Got '" + time + "'."};
  }
  const std::string allowance = " " + std::to_string(kSignatureSkewSecondsMax / 60) + " min.)";
  if (*signed_at < now - kSignatureSkewSecondsMax) {
    return SignatureProblem{Kind::kExpired, "Signature expired: " + time + " is now earlier than " +
                                                BasicTime(now - kSignatureSkewSecondsMax) + " (" +
                                                BasicTime(now) + " -" + allowance};
  }
  if (*signed_at > now + kSignatureSkewSecondsMax) {
    return SignatureProblem{Kind::kExpired, "Signature not yet current: " + time +
                                                " is still later than " +
                                                BasicTime(now + kSignatureSkewSecondsMax) + " (" +
                                                BasicTime(now) + " +" + allowance};
  }
  return std::nullopt;
}

// What can be told without the secret.
std::optional<SignatureProblem> CheckScope(const Authorization& scope, std::string_view service,
                                           const std::string& time) {
  if (scope.terminator != kTerminator) {
    return SignatureProblem{Kind::kMismatch,
                            "Credential should be scoped with a valid terminator: "
                            "'aws4_request', not '" +
                                scope.terminator + "'."};
  }
  if (scope.service != service) {
    return SignatureProblem{Kind::kMismatch, "Credential should be scoped to correct service: '" +
                                                 std::string(service) + "'."};
  }
  if (scope.date != time.substr(0, scope.date.size()) || scope.date.size() != 8) {
    return SignatureProblem{Kind::kMismatch,
                            "Date in Credential scope does not match YYYYMMDD from ISO-8601 "
                            "version of date from HTTP: '" +
                                scope.date + "' != '" + time.substr(0, 8) + "', from '" + time +
                                "'."};
  }
  const auto& names = scope.signed_headers;
  if (std::find(names.begin(), names.end(), "host") == names.end()) {
    return SignatureProblem{Kind::kMismatch,
                            "'Host' or ':authority' must be a 'SignedHeader' in the AWS "
                            "Authorization."};
  }
  return std::nullopt;
}

const Credential* FindCredential(const std::vector<Credential>& credentials, const std::string& id,
                                 const std::string& session_token) {
  for (const Credential& credential : credentials) {
    if (credential.access_key_id == id && credential.session_token == session_token) {
      return &credential;
    }
  }
  return nullptr;
}

bool SameText(const std::string& a, const std::string& b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

Credential ExampleCredential() {
  return {"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "",
          "arn:aws:iam::123456789012:user/emulator", std::nullopt};
}

std::variant<Caller, SignatureProblem> CheckSignature(const HttpRequest& request,
                                                      const std::vector<Credential>& credentials,
                                                      std::string_view service, Instant now) {
  const std::optional<std::string> header = request.Header("authorization");
  if (!header) return SignatureProblem{Kind::kMissing, "Missing Authentication Token"};
  const std::optional<Authorization> scope = ParseAuthorization(*header);
  if (!scope) {
    return SignatureProblem{Kind::kIncomplete,
                            "Authorization header requires 'Credential' parameter. Authorization "
                            "header requires 'SignedHeaders' parameter. Authorization header "
                            "requires 'Signature' parameter."};
  }
  const std::string token = request.Header("x-amz-security-token").value_or("");
  const Credential* credential = FindCredential(credentials, scope->access_key_id, token);
  if (credential == nullptr) {
    return SignatureProblem{Kind::kUnknownKey,
                            "The security token included in the request is invalid."};
  }
  const std::string time = request.Header("x-amz-date").value_or("");
  if (auto problem = CheckTime(time, now)) return *problem;
  if (auto problem = CheckScope(*scope, service, time)) return *problem;
  const std::optional<std::string> canonical = CanonicalRequest(request, scope->signed_headers);
  if (!canonical || !SameText(SignatureOf(*canonical, *scope, credential->secret_access_key, time),
                              scope->signature)) {
    return SignatureProblem{
        Kind::kMismatch,
        "The request signature we calculated does not match the signature you provided. Check your "
        "AWS Secret Access Key and signing method. Consult the service documentation for details."};
  }
  return Caller{credential, scope->region};
}

void SignRequest(HttpRequest& request, const Credential& credential, std::string_view region,
                 std::string_view service, Instant now) {
  const std::string time = BasicTime(now);
  request.headers["x-amz-date"] = time;
  if (!credential.session_token.empty()) {
    request.headers["x-amz-security-token"] = credential.session_token;
  }
  Authorization scope{credential.access_key_id,
                      time.substr(0, 8),
                      std::string(region),
                      std::string(service),
                      std::string(kTerminator),
                      {},
                      ""};
  for (const auto& [name, value] : request.headers) scope.signed_headers.push_back(name);
  const std::string signature =
      SignatureOf(CanonicalRequest(request, scope.signed_headers).value_or(""), scope,
                  credential.secret_access_key, time);
  request.headers["authorization"] =
      std::string(kAlgorithm) + " Credential=" + scope.access_key_id + "/" + scope.date + "/" +
      scope.region + "/" + scope.service + "/" + scope.terminator +
      ", SignedHeaders=" + Joined(scope.signed_headers, ';') + ", Signature=" + signature;
}

}  // namespace eic::emulator
