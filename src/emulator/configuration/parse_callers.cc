#include "emulator/configuration/parse_callers.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "emulator/api/arn.h"
#include "emulator/api/permissions.h"
#include "emulator/limits.h"

namespace eic::emulator {
namespace {

using Texts = std::vector<std::string>;

std::optional<Texts> TakeInstances(Members& members, const std::set<std::string>& instance_ids) {
  std::optional<Texts> ids = members.OptionalTexts("instances");
  for (const std::string& id : ids.value_or(Texts())) {
    if (instance_ids.count(id) == 0) members.Refuse("instances", "there is no instance " + id);
  }
  return ids;
}

std::optional<Texts> TakeActions(Members& members) {
  std::optional<Texts> actions = members.OptionalTexts("actions");
  for (const std::string& action : actions.value_or(Texts())) {
    if (!AllowsAnything(action)) {
      members.Refuse("actions", action + " allows none of" + KnownActions());
    }
  }
  return actions;
}

Credential ParseCredential(Members& members, const std::set<std::string>& instance_ids) {
  Credential credential;
  credential.principal = ExampleCredential().principal;
  members.RequiredText("access_key_id", credential.access_key_id);
  members.RequiredText("secret_access_key", credential.secret_access_key);
  members.Text("session_token", credential.session_token);
  members.Text("principal", credential.principal);
  credential.instances = TakeInstances(members, instance_ids);
  credential.actions = TakeActions(members);
  members.NothingElse();
  return credential;
}

Role ParseRole(Members& members, const std::set<std::string>& instance_ids) {
  Role role;
  members.RequiredText("arn", role.arn);
  members.CheckedText("arn", role.arn, "the ARN of a role", IsRoleArn);
  members.Text("external_id", role.external_id);
  members.Text("mfa_serial", role.mfa_serial);
  members.CheckedText("mfa_code", role.mfa_code, "6 digits", [](const std::string& code) {
    return code.size() == kMfaCodeChars && HasOnly(code, "0123456789");
  });
  if (role.mfa_serial.empty() != role.mfa_code.empty()) {
    members.Refuse("mfa_serial", "and mfa_code go together");
  }
  role.trusts = members.OptionalTexts("trusts");
  role.instances = TakeInstances(members, instance_ids);
  role.actions = TakeActions(members);
  members.Number("max_session_seconds", role.max_session_seconds, kSessionSecondsMin,
                 kSessionSecondsMax);
  members.Number("credential_seconds", role.credential_seconds, 1, kSessionSecondsMax);
  members.NothingElse();
  return role;
}

void RequireRole(const Members& members, const std::string& name, const std::string& arn,
                 const std::vector<Role>& roles) {
  if (FindRole(roles, arn) == nullptr) members.Refuse(name, "there is no role " + arn);
}

}  // namespace

std::vector<Credential> ParseCredentials(Members& top, const std::set<std::string>& instance_ids) {
  std::vector<Credential> credentials;
  std::set<std::pair<std::string, std::string>> keys;
  for (Members& members : top.Objects("credentials", kCredentialsMax)) {
    credentials.push_back(ParseCredential(members, instance_ids));
    const Credential& latest = credentials.back();
    if (!keys.emplace(latest.access_key_id, latest.session_token).second) {
      members.Refuse("access_key_id", latest.access_key_id + " is there twice");
    }
  }
  if (credentials.empty()) credentials.push_back(ExampleCredential());
  return credentials;
}

std::vector<Role> ParseRoles(Members& top, const std::set<std::string>& instance_ids) {
  std::vector<Role> roles;
  for (Members& members : top.Objects("roles", kRolesMax)) {
    Role role = ParseRole(members, instance_ids);
    if (FindRole(roles, role.arn) != nullptr) members.Refuse("arn", role.arn + " is there twice");
    roles.push_back(std::move(role));
  }
  return roles;
}

std::vector<WebIdentityToken> ParseWebIdentityTokens(Members& top, const std::vector<Role>& roles) {
  std::vector<WebIdentityToken> tokens;
  for (Members& members : top.Objects("web_identity_tokens", kWebIdentityTokensMax)) {
    WebIdentityToken token;
    members.RequiredText("token", token.token);
    members.Text("subject", token.subject);
    token.roles = members.OptionalTexts("roles");
    for (const std::string& arn : token.roles.value_or(Texts())) {
      RequireRole(members, "roles", arn, roles);
    }
    members.Flag("expired", token.is_expired);
    members.NothingElse();
    tokens.push_back(std::move(token));
  }
  return tokens;
}

std::optional<ConfiguredContainer> ParseContainer(Members& top, const std::vector<Role>& roles) {
  const nlohmann::json* member = top.Find("container_role");
  if (member == nullptr) return std::nullopt;
  Members members(*member, "container_role");
  ConfiguredContainer container;
  members.RequiredText("role", container.role.role_arn);
  RequireRole(members, "role", container.role.role_arn, roles);
  members.CheckedText("path", container.role.path, "a path other than / and below /emulator/",
                      [](const std::string& path) {
                        return path.size() > 1 && path[0] == '/' &&
                               path.find('?') == std::string::npos &&
                               path.compare(0, 10, "/emulator/") != 0;
                      });
  members.Text("authorization", container.role.authorization);
  for (const std::string& text : members.Texts("addresses")) {
    members.In("addresses", [&] { container.addresses.push_back(ParseAddress(text)); });
  }
  members.NothingElse();
  return container;
}

}  // namespace eic::emulator
