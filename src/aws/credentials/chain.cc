#include "aws/credentials/chain.h"

#include "aws/credentials/assume_role.h"
#include "aws/credentials/container.h"
#include "aws/credentials/instance_metadata.h"
#include "aws/credentials/process.h"
#include "aws/credentials/role_cache.h"
#include "aws/credentials/static_keys.h"

namespace eic::aws {
namespace {

const Profile& ProfileOf(const std::string& name, const Configuration& configuration) {
  static const Profile kNone;
  const Profile* found = configuration.profiles.Find(name);
  return found == nullptr ? kNone : *found;
}

bool IsRoleProfile(const Profile& profile) {
  return profile.Has("role_arn") && !profile.Has("web_identity_token_file");
}

bool HasPrefix(const Profile& profile, const char* key) { return !profile.Get(key).empty(); }

Failure NoCredentials(const Configuration& configuration) {
  return {"NoCredentials",
          "no credentials: none in the environment, in profile " + configuration.profile + " (" +
              configuration.profiles.config_path + ", " + configuration.profiles.credentials_path +
              "), of a container or of an instance",
          "Run `aws configure` or `aws configure sso`, name a profile by --profile or AWS_PROFILE, "
          "or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."};
}

// The value of a found source; nothing to look at next where it is none.
bool IsSettled(const MaybeCredentials& found) { return !found || found->has_value(); }

Outcome<Credentials> Settled(const MaybeCredentials& found) {
  if (!found) return found.error();
  return **found;
}

}  // namespace

Outcome<Credentials> CredentialChain::Resolve() {
  const Configuration& configuration = search_.configuration;
  const bool may_use_environment = !configuration.is_profile_explicit;
  if (may_use_environment) {
    const auto found = KeysOfEnvironment(search_.world);
    if (IsSettled(found)) return Settled(found);
  }
  const std::string& name = configuration.profile;
  if (IsRoleProfile(configuration.OwnProfile())) return OfRole(name, {name});
  auto found = OfProfile(name, may_use_environment);
  if (!IsSettled(found)) found = CredentialsOfContainer(search_.world);
  if (!IsSettled(found)) found = CredentialsOfInstance(search_.world, configuration);
  if (!IsSettled(found)) return NoCredentials(configuration);
  return Settled(found);
}

MaybeCredentials CredentialChain::OfProfile(const std::string& name, bool may_use_environment) {
  const Profile& profile = ProfileOf(name, search_.configuration);
  auto found = OfWebIdentity(name, may_use_environment);
  if (!IsSettled(found)) found = OfSso(name);
  if (!IsSettled(found)) {
    found = KeysOfSection(profile.credentials, "profile " + name + " of the credentials file");
  }
  if (!IsSettled(found)) found = OfLogin(name);
  if (!IsSettled(found)) found = OfProcess(name);
  if (!IsSettled(found)) {
    found = KeysOfSection(profile.config, "profile " + name + " of the config file");
  }
  return found;
}

MaybeCredentials CredentialChain::OfWebIdentity(const std::string& name, bool may_use_environment) {
  const Profile& profile = ProfileOf(name, search_.configuration);
  const auto value = [&](const char* variable, const char* key) {
    const auto set =
        may_use_environment ? search_.world.Env(variable) : std::optional<std::string>();
    return set ? *set : profile.Get(key);
  };
  const std::string token_file = value("AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file");
  if (token_file.empty()) return std::optional<Credentials>();
  RoleArguments arguments{value("AWS_ROLE_ARN", "role_arn")};
  arguments.session_name = value("AWS_ROLE_SESSION_NAME", "role_session_name");
  if (arguments.role_arn.empty()) {
    return Failure{"BadConfiguration", "a web identity token is configured, and no role for it",
                   "Set AWS_ROLE_ARN, or role_arn in profile " + name + "."};
  }
  auto found = AssumeRoleWithWebIdentity(arguments, token_file, search_);
  if (!found) return found.error();
  return std::optional<Credentials>(std::move(*found));
}

MaybeCredentials CredentialChain::OfSso(const std::string& name) {
  const Profile& profile = ProfileOf(name, search_.configuration);
  const std::string session = profile.Get("sso_session");
  const std::string start_url = profile.Get("sso_start_url");
  if (session.empty() && start_url.empty()) return std::optional<Credentials>();
  const std::string key =
      SsoCacheKey(profile.Get("sso_account_id"), profile.Get("sso_role_name"), session, start_url);
  if (auto cached = ReadRoleCache(key, search_.world)) return cached;
  const std::string login = session.empty() ? "aws sso login --profile " + name
                                            : "aws sso login --sso-session " + session;
  auto found = ExportByAwsCli(name, login, search_.world);
  if (!found) return found.error();
  return std::optional<Credentials>(std::move(*found));
}

MaybeCredentials CredentialChain::OfLogin(const std::string& name) {
  if (!HasPrefix(ProfileOf(name, search_.configuration), "login_session")) {
    return std::optional<Credentials>();
  }
  auto found = ExportByAwsCli(name, "aws login --profile " + name, search_.world);
  if (!found) return found.error();
  return std::optional<Credentials>(std::move(*found));
}

MaybeCredentials CredentialChain::OfProcess(const std::string& name) {
  const std::string& command = ProfileOf(name, search_.configuration).Get("credential_process");
  if (command.empty()) return std::optional<Credentials>();
  auto found = RunCredentialProcess(command, name, search_.world);
  if (!found) return found.error();
  return std::optional<Credentials>(std::move(*found));
}

}  // namespace eic::aws
