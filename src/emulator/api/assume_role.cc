#include "emulator/api/assume_role.h"

#include <algorithm>
#include <charconv>

#include "emulator/api/constraints.h"
#include "emulator/api/permissions.h"
#include "emulator/api/refusals.h"
#include "emulator/limits.h"

namespace eic::emulator {
namespace {

constexpr const char* kAction = "sts:AssumeRole";
constexpr const char* kWebIdentityAction = "sts:AssumeRoleWithWebIdentity";

ApiError ValidationError(std::string message) { return {"ValidationError", std::move(message)}; }

std::optional<std::string> Optional(const Form& form, const std::string& name) {
  const std::string* value = form.Find(name);
  if (value == nullptr) return std::nullopt;
  return *value;
}

// True when `text` has letters, digits, underscores and `more` alone.
bool HasOnlyWords(std::string_view text, std::string_view more) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    const bool is_word =
        (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    return is_word || more.find(c) != std::string_view::npos;
  });
}

struct Rule {
  std::string_view member;
  std::size_t chars_min;
  std::size_t chars_max;
  std::string_view more;     // characters that are allowed beside letters, digits, underscores
  std::string_view pattern;  // that says the same; empty: any characters
};

constexpr Rule kRoleArn{"roleArn", kArnCharsMin, kArnCharsMax, "", ""};
constexpr Rule kSessionName{"roleSessionName", kSessionNameCharsMin, kSessionNameCharsMax, "+=,.@-",
                            R"([\w+=,.@-]*)"};
constexpr Rule kExternalId{"externalId", kExternalIdCharsMin, kExternalIdCharsMax, "+=,.@:/-",
                           R"([\w+=,.@:\/-]*)"};
constexpr Rule kSerial{"serialNumber", kMfaSerialCharsMin, kMfaSerialCharsMax, "+=/:,.@-",
                       R"([\w+=/:,.@-]*)"};
constexpr Rule kCode{"tokenCode", kMfaCodeChars, kMfaCodeChars, "", ""};
constexpr Rule kWebToken{"webIdentityToken", kWebTokenCharsMin, kWebTokenCharsMax, "", ""};

void Check(const std::optional<std::string>& value, const Rule& rule, Constraints& constraints) {
  if (!value) return;
  if (!rule.pattern.empty()) {
    constraints.Pattern(rule.member, *value, HasOnlyWords(*value, rule.more), rule.pattern);
  }
  constraints.Length(rule.member, *value, rule.chars_min, rule.chars_max);
}

void CheckRequired(const std::optional<std::string>& value, const Rule& rule,
                   Constraints& constraints) {
  if (!value) return constraints.Null(rule.member);
  Check(value, rule, constraints);
}

bool IsDigits(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

void CheckCode(const std::optional<std::string>& code, Constraints& constraints) {
  if (code) constraints.Pattern(kCode.member, *code, IsDigits(*code), R"([\d]*)");
  Check(code, kCode, constraints);
}

std::optional<ApiError> RefuseMfa(const SessionRequest& request, const Role& role) {
  const std::string failed = "MultiFactorAuthentication failed";
  if (!request.mfa_serial && !request.mfa_code) return std::nullopt;  // RefuseAssumeRole's
  if (!request.mfa_serial || !request.mfa_code) {
    return ApiError{"AccessDenied",
                    failed + ", must provide both MFA serial number and one time pass code.", 403};
  }
  if (*request.mfa_serial != role.mfa_serial) {
    return ApiError{"AccessDenied",
                    failed +
                        ", unable to validate MFA code.  Please verify your MFA serial number "
                        "is valid and associated with this user.",
                    403};
  }
  if (*request.mfa_code != role.mfa_code) {
    return ApiError{"AccessDenied", failed + " with invalid MFA one time pass code. ", 403};
  }
  return std::nullopt;
}

std::optional<ApiError> RefuseDuration(const SessionRequest& request, const Role& role,
                                       bool is_chained) {
  const std::int64_t seconds = SecondsOf(request);
  if (is_chained && seconds > kChainedSessionSecondsMax) {
    return ValidationError(
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role "
        "chaining");
  }
  if (request.seconds && seconds > role.max_session_seconds) {
    return ValidationError(
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
  }
  return std::nullopt;
}

}  // namespace

std::variant<SessionRequest, ApiError> ParseSessionRequest(const Form& form, bool is_web_identity) {
  SessionRequest request;
  Constraints constraints;
  CheckRequired(Optional(form, "RoleArn"), kRoleArn, constraints);
  CheckRequired(Optional(form, "RoleSessionName"), kSessionName, constraints);
  request.role_arn = form.Get("RoleArn");
  request.session_name = form.Get("RoleSessionName");
  if (is_web_identity) {
    request.web_token = Optional(form, "WebIdentityToken");
    CheckRequired(request.web_token, kWebToken, constraints);
  } else {
    request.external_id = Optional(form, "ExternalId");
    request.mfa_serial = Optional(form, "SerialNumber");
    request.mfa_code = Optional(form, "TokenCode");
    Check(request.external_id, kExternalId, constraints);
    Check(request.mfa_serial, kSerial, constraints);
    CheckCode(request.mfa_code, constraints);
  }
  if (const std::string* text = form.Find("DurationSeconds"); text != nullptr) {
    std::int64_t seconds = 0;
    const char* end = text->data() + text->size();
    const auto [stop, error] = std::from_chars(text->data(), end, seconds);
    if (error != std::errc() || stop != end) {
      return ApiError{"MalformedInput", "DurationSeconds is not a whole number: " + *text};
    }
    constraints.Range("durationSeconds", seconds, kSessionSecondsMin, kSessionSecondsMax);
    request.seconds = seconds;
  }
  std::string violations = constraints.Message();
  if (!violations.empty()) return ValidationError(std::move(violations));
  return request;
}

std::optional<ApiError> RefuseAssumeRole(const SessionRequest& request, const Role* role,
                                         const Credential& caller) {
  const ApiError denial = StsDenial(caller.principal, kAction, request.role_arn);
  if (role == nullptr || !MayDo(caller, kAction) || !Trusts(*role, caller)) return denial;
  if (!role->external_id.empty() && request.external_id != role->external_id) return denial;
  if (auto refusal = RefuseMfa(request, *role)) return refusal;
  if (!role->mfa_serial.empty() && !request.mfa_code) return denial;
  return RefuseDuration(request, *role, !caller.role_arn.empty());
}

std::optional<ApiError> RefuseWebIdentity(const SessionRequest& request, const Role* role,
                                          const WebIdentityToken* token) {
  if (token == nullptr) {
    return ApiError{"InvalidIdentityToken",
                    "The ID Token provided is not a valid JWT. (You may see this error if you sent "
                    "an Access Token)"};
  }
  if (token->is_expired) {
    return ApiError{"ExpiredTokenException",
                    "The web identity token that was passed is expired or is not valid. Get a new "
                    "identity token from the identity provider and then retry the request."};
  }
  const auto& roles = token->roles;
  const bool is_meant =
      !roles || std::find(roles->begin(), roles->end(), request.role_arn) != roles->end();
  if (role == nullptr || !is_meant) {
    return ApiError{"AccessDenied", "Not authorized to perform " + std::string(kWebIdentityAction),
                    403};
  }
  return RefuseDuration(request, *role, /*is_chained=*/false);
}

std::int64_t SecondsOf(const SessionRequest& request) {
  return request.seconds.value_or(kDefaultSessionSeconds);
}

}  // namespace eic::emulator
