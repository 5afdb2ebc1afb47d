#include "emulator/api/sts_routes.h"

#include <optional>
#include <utility>

#include "emulator/api/arn.h"
#include "emulator/api/refusals.h"
#include "emulator/api/xml.h"
#include "emulator/time_text.h"

namespace eic::emulator {
namespace {

constexpr std::string_view kVersion = "2011-06-15";
constexpr std::string_view kNamespace = "https://sts.amazonaws.com/doc/2011-06-15/";
constexpr std::string_view kWebIdentity = "AssumeRoleWithWebIdentity";

HttpAnswer Result(const std::string& action, const std::string& content,
                  const std::string& request_id) {
  return XmlAnswer(200, action + "Response", kNamespace,
                   Nested(action + "Result", content) +
                       Nested("ResponseMetadata", Element("RequestId", request_id)),
                   request_id);
}

// The unique id of the caller as IAM gives it: of an account itself, its number.
std::string UserIdOf(const Credential& caller) {
  const std::string session = NameOfRole(caller.principal);
  if (!caller.role_arn.empty()) return UniqueId("AROA", caller.role_arn) + ":" + session;
  const std::string account = AccountOf(caller.principal);
  const std::size_t size = caller.principal.size();
  const bool is_root = size > 5 && caller.principal.compare(size - 5, 5, ":root") == 0;
  return is_root ? account : UniqueId("AIDA", caller.principal);
}

std::string CallerIdentity(const Credential& caller) {
  return Element("Arn", caller.principal) + Element("UserId", UserIdOf(caller)) +
         Element("Account", AccountOf(caller.principal));
}

const WebIdentityToken* FindToken(const std::vector<WebIdentityToken>& tokens,
                                  const std::string& text) {
  for (const WebIdentityToken& token : tokens) {
    if (token.token == text) return &token;
  }
  return nullptr;
}

}  // namespace

HttpAnswer StsErrorAnswer(const ApiError& error, const std::string& request_id) {
  const char* type = error.status >= 500 ? "Receiver" : "Sender";
  return XmlAnswer(error.status, "ErrorResponse", kNamespace,
                   Nested("Error", Element("Type", type) + Element("Code", error.name) +
                                       Element("Message", error.message)) +
                       Element("RequestId", request_id),
                   request_id);
}

StsRoutes::StsRoutes(Callers& callers, std::vector<Role> roles,
                     std::vector<WebIdentityToken> tokens)
    : callers_(callers), roles_(std::move(roles)), tokens_(std::move(tokens)) {}

bool StsRoutes::Takes(const Form& form) { return form.Get("Version") == kVersion; }

HttpAnswer StsRoutes::Answer(const HttpRequest& request, const Form& form,
                             const std::string& request_id) {
  const std::string action = form.Get("Action");
  Outcome outcome = ApiError{"InvalidAction", "Could not find operation " + action +
                                                  " for version " + std::string(kVersion)};
  std::string principal;
  if (action == kWebIdentity) {
    outcome = AssumeRoleWithWebIdentity(form);
  } else {
    const auto checked = callers_.CallerOf(request, "sts");
    if (const auto* problem = std::get_if<SignatureProblem>(&checked)) {
      return StsErrorAnswer(StsErrorOf(*problem), request_id);
    }
    const Credential& caller = std::get<KnownCaller>(checked).credential;
    principal = caller.principal;
    if (action == "AssumeRole") outcome = AssumeRole(form, caller);
    // Nobody needs a permission for this, and no policy denies it.
    if (action == "GetCallerIdentity") outcome = CallerIdentity(caller);
  }
  const auto* error = std::get_if<ApiError>(&outcome);
  HttpAnswer answer = error != nullptr ? StsErrorAnswer(*error, request_id)
                                       : Result(action, std::get<std::string>(outcome), request_id);
  answer.caller = principal;
  return answer;
}

StsRoutes::Outcome StsRoutes::AssumeRole(const Form& form, const Credential& caller) {
  const auto parsed = ParseSessionRequest(form, /*is_web_identity=*/false);
  if (const auto* error = std::get_if<ApiError>(&parsed)) return *error;
  const SessionRequest& session = std::get<SessionRequest>(parsed);
  const Role* role = FindRole(roles_, session.role_arn);
  if (auto refusal = RefuseAssumeRole(session, role, caller)) return *refusal;
  return Session(*role, session);
}

StsRoutes::Outcome StsRoutes::AssumeRoleWithWebIdentity(const Form& form) {
  const auto parsed = ParseSessionRequest(form, /*is_web_identity=*/true);
  if (const auto* error = std::get_if<ApiError>(&parsed)) return *error;
  const SessionRequest& session = std::get<SessionRequest>(parsed);
  const WebIdentityToken* token = FindToken(tokens_, *session.web_token);
  const Role* role = FindRole(roles_, session.role_arn);
  if (auto refusal = RefuseWebIdentity(session, role, token)) return *refusal;
  Outcome outcome = Session(*role, session);
  if (auto* content = std::get_if<std::string>(&outcome)) {
    *content += Element("SubjectFromWebIdentityToken", token->subject);
  }
  return outcome;
}

StsRoutes::Outcome StsRoutes::Session(const Role& role, const SessionRequest& session) {
  const std::optional<Credential> made =
      callers_.Mint(role, session.session_name, SecondsOf(session));
  if (!made) return StsFailure(429);
  const std::string user =
      Element("AssumedRoleId", UserIdOf(*made)) + Element("Arn", made->principal);
  const std::string credentials = Element("AccessKeyId", made->access_key_id) +
                                  Element("SecretAccessKey", made->secret_access_key) +
                                  Element("SessionToken", made->session_token) +
                                  Element("Expiration", IsoTime(made->expiry));
  return Nested("AssumedRoleUser", user) + Nested("Credentials", credentials);
}

}  // namespace eic::emulator
