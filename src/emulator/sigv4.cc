#include "emulator/sigv4.h"

#include <openssl/crypto.h>

#include <algorithm>

#include "aws/sigv4.h"
#include "emulator/limits.h"

namespace eic::emulator {
namespace {

using aws::BasicTime;
using Kind = SignatureProblem::Kind;

// What an Authorization header says.
struct Authorization {
  std::string access_key_id;
  aws::SignatureScope scope;
  std::string terminator;
  std::vector<std::string> signed_headers;  // as they stand: sorted, in lower case
  std::string signature;                    // hexadecimal
};

std::vector<std::string> Split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
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

aws::SignedParts PartsOf(const HttpRequest& request) {
  return {request.method, request.path, request.query, request.headers, request.body};
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
  const std::string algorithm = std::string(aws::kSignatureAlgorithm) + " ";
  if (header.substr(0, algorithm.size()) != algorithm) return std::nullopt;
  header.remove_prefix(algorithm.size());
  const std::vector<std::string> scope = Split(Parameter(header, "Credential"), '/');
  const std::string signed_headers = Parameter(header, "SignedHeaders");
  if (scope.size() != 5 || signed_headers.empty()) return std::nullopt;
  Authorization parsed{scope[0],
                       {scope[1], scope[2], scope[3]},
                       scope[4],
                       Split(signed_headers, ';'),
                       Parameter(header, "Signature")};
  if (parsed.signature.empty()) return std::nullopt;
  return parsed;
}

std::optional<SignatureProblem> CheckTime(const std::string& time, Instant now) {
  const std::optional<Instant> signed_at = aws::ParseBasicTime(time);
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
std::optional<SignatureProblem> CheckScope(const Authorization& given, std::string_view service,
                                           const std::string& time) {
  if (given.terminator != aws::kScopeTerminator) {
    return SignatureProblem{Kind::kMismatch,
                            "Credential should be scoped with a valid terminator: "
                            "'aws4_request', not '" +
                                given.terminator + "'."};
  }
  if (given.scope.service != service) {
    return SignatureProblem{Kind::kMismatch, "Credential should be scoped to correct service: '" +
                                                 std::string(service) + "'."};
  }
  const std::string& date = given.scope.date;
  if (date != time.substr(0, date.size()) || date.size() != 8) {
    return SignatureProblem{Kind::kMismatch,
                            "Date in Credential scope does not match YYYYMMDD from ISO-8601 "
                            "version of date from HTTP: '" +
                                date + "' != '" + time.substr(0, 8) + "', from '" + time + "'."};
  }
  const auto& names = given.signed_headers;
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
  const std::optional<Authorization> given = ParseAuthorization(*header);
  if (!given) {
    return SignatureProblem{Kind::kIncomplete,
                            "Authorization header requires 'Credential' parameter. Authorization "
                            "header requires 'SignedHeaders' parameter. Authorization header "
                            "requires 'Signature' parameter."};
  }
  const std::string token = request.Header("x-amz-security-token").value_or("");
  const Credential* credential = FindCredential(credentials, given->access_key_id, token);
  if (credential == nullptr) {
    return SignatureProblem{Kind::kUnknownKey,
                            "The security token included in the request is invalid."};
  }
  const std::string time = request.Header("x-amz-date").value_or("");
  if (auto problem = CheckTime(time, now)) return *problem;
  if (auto problem = CheckScope(*given, service, time)) return *problem;
  const std::optional<std::string> canonical =
      aws::CanonicalRequest(PartsOf(request), given->signed_headers);
  if (!canonical ||
      !SameText(aws::SignatureOf(*canonical, given->scope, credential->secret_access_key, time),
                given->signature)) {
    return SignatureProblem{
        Kind::kMismatch,
        "The request signature we calculated does not match the signature you provided. Check your "
        "AWS Secret Access Key and signing method. Consult the service documentation for details."};
  }
  return Caller{credential, given->scope.region};
}

void SignRequest(HttpRequest& request, const Credential& credential, std::string_view region,
                 std::string_view service, Instant now) {
  aws::AddSignature(
      PartsOf(request), request.headers,
      {credential.access_key_id, credential.secret_access_key, credential.session_token}, region,
      service, now);
}

}  // namespace eic::emulator
