// What the two calls that assume a role ask for, and whether the role lets them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "emulator/api/api_error.h"
#include "emulator/api/form.h"
#include "emulator/api/roles.h"
#include "emulator/sigv4.h"

namespace eic::emulator {

struct SessionRequest {
  std::string role_arn;
  std::string session_name;
  std::optional<std::string> external_id = std::nullopt;
  std::optional<std::string> mfa_serial = std::nullopt;
  std::optional<std::string> mfa_code = std::nullopt;
  std::optional<std::string> web_token = std::nullopt;  // of AssumeRoleWithWebIdentity
  std::optional<std::int64_t> seconds = std::nullopt;
};

// The fields of `form`, checked as the model of STS has them; ValidationError with all that is
// wrong.
std::variant<SessionRequest, ApiError> ParseSessionRequest(const Form& form, bool is_web_identity);

// Why `caller` cannot have the session of `role`, null where there is none of that ARN. As AWS
// does, it says the same of a role that is not there, one that does not trust the caller, and a
// wrong or missing external id.
std::optional<ApiError> RefuseAssumeRole(const SessionRequest& request, const Role* role,
                                         const Credential& caller);

// The same for the holder of a web identity's token.
std::optional<ApiError> RefuseWebIdentity(const SessionRequest& request, const Role* role,
                                          const WebIdentityToken* token);

// How long the session is to be.
std::int64_t SecondsOf(const SessionRequest& request);

}  // namespace eic::emulator
