// STS, version 2011-06-15, at the API's address: AssumeRole, AssumeRoleWithWebIdentity and
// GetCallerIdentity. A form body goes in, XML comes out.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "emulator/api/api_error.h"
#include "emulator/api/assume_role.h"
#include "emulator/api/callers.h"
#include "emulator/api/form.h"
#include "emulator/api/roles.h"
#include "emulator/http.h"

namespace eic::emulator {

class StsRoutes {
 public:
  // Borrows `callers`.
  StsRoutes(Callers& callers, std::vector<Role> roles, std::vector<WebIdentityToken> tokens);

  // True for a form that means STS, by its version.
  static bool Takes(const Form& form);

  // `form` is the body of `request`.
  HttpAnswer Answer(const HttpRequest& request, const Form& form, const std::string& request_id);

 private:
  using Outcome = std::variant<std::string, ApiError>;  // the content of the result, or why not

  Outcome AssumeRole(const Form& form, const Credential& caller);
  Outcome AssumeRoleWithWebIdentity(const Form& form);
  // The credentials of a new session, and who it is.
  Outcome Session(const Role& role, const SessionRequest& session);

  Callers& callers_;
  const std::vector<Role> roles_;
  const std::vector<WebIdentityToken> tokens_;
};

// An error in STS's wire form.
HttpAnswer StsErrorAnswer(const ApiError& error, const std::string& request_id);

}  // namespace eic::emulator
