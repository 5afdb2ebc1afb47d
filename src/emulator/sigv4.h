// AWS Signature Version 4: requests signed, and signatures checked as the service does.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/instant.h"
#include "emulator/http.h"

namespace eic::emulator {

// Who may call, and what for.
struct Credential {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;  // empty: a long-lived one
  std::string principal;      // the caller's ARN
  // Ids of the instances that the caller may push keys to; nothing: all.
  std::optional<std::vector<std::string>> instances;
  // What the caller may do, `ec2:DescribeInstances`; nothing: all.
  std::optional<std::vector<std::string>> actions = std::nullopt;
  std::string role_arn = {};  // whose session it is; empty: nobody's
  Instant expiry = {};        // of temporary ones; Instant(): never
};

// AWS's example of a key pair, which its documents print: what the emulator takes and `push` signs
// with when nothing else is said.
Credential ExampleCredential();

struct SignatureProblem {
  enum class Kind { kMissing, kIncomplete, kUnknownKey, kExpired, kTokenExpired, kMismatch };
  Kind kind;
  std::string message;  // as AWS words it
};

struct Caller {
  const Credential* credential;  // one of those that were given
  std::string region;            // for which the request is signed
};

// Whose request it is. `service` is the name that the signature must be scoped to.
std::variant<Caller, SignatureProblem> CheckSignature(const HttpRequest& request,
                                                      const std::vector<Credential>& credentials,
                                                      std::string_view service, Instant now);

// Adds x-amz-date, x-amz-security-token if there is one, and authorization. Every header that the
// request has by then is signed; `host` must be one of them.
void SignRequest(HttpRequest& request, const Credential& credential, std::string_view region,
                 std::string_view service, Instant now);

}  // namespace eic::emulator
