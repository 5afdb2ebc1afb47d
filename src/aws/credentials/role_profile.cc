// CredentialChain's step 2: a profile's role, and the profile or source that assumes it.
#include <algorithm>

#include "aws/credentials/assume_role.h"
#include "aws/credentials/chain.h"
#include "aws/credentials/container.h"
#include "aws/credentials/instance_metadata.h"
#include "aws/credentials/static_keys.h"
#include "aws/limits.h"
#include "aws/text.h"

namespace eic::aws {
namespace {

constexpr std::size_t kDurationDigitsMax = 6;

Failure Bad(const std::string& what, const std::string& advice = "Correct the config file.") {
  return {"BadConfiguration", what, advice};
}

bool HasStaticKeys(const Profile& profile) {
  return profile.Has("aws_access_key_id") || profile.Has("aws_secret_access_key");
}

// botocore leaves out a duration that is no number.
int DurationOf(const std::string& text) {
  const bool is_number = !text.empty() && text.size() <= kDurationDigitsMax &&
                         text.find_first_not_of("0123456789") == std::string::npos;
  return is_number ? std::stoi(text) : 0;
}

RoleArguments ArgumentsOf(const Profile& profile) {
  return {profile.Get("role_arn"), profile.Get("role_session_name"), profile.Get("external_id"),
          profile.Get("mfa_serial"), DurationOf(profile.Get("duration_seconds"))};
}

std::string PathThrough(const std::vector<std::string>& names, const std::string& last) {
  std::string path;
  for (const std::string& name : names) path += name + " -> ";
  return path + last;
}

// Calls a function of the chain when it is asked.
template <typename Function>
class LazySource : public SourceOfRole {
 public:
  explicit LazySource(Function function) : function_(std::move(function)) {}
  Outcome<Credentials> Get() override { return function_(); }

 private:
  Function function_;
};

}  // namespace

Outcome<Credentials> CredentialChain::OfRole(const std::string& name,
                                             const std::vector<std::string>& visited) {
  const Profile& profile = *search_.configuration.profiles.Find(name);
  LazySource source([&] { return OfRoleSource(name, visited); });
  return AssumeRole(ArgumentsOf(profile), source, search_);
}

// source_profile or credential_source, and not both.
Outcome<Credentials> CredentialChain::OfRoleSource(const std::string& name,
                                                   const std::vector<std::string>& visited) {
  const Profile& profile = *search_.configuration.profiles.Find(name);
  const bool has_profile = profile.Has("source_profile");
  const bool has_source = profile.Has("credential_source");
  if (has_profile && has_source) {
    return Bad("profile " + name + " has both source_profile and credential_source");
  }
  if (has_source) return OfNamedSource(profile.Get("credential_source"), name);
  if (!has_profile) {
    return Bad("profile " + name +
               " has role_arn, and neither source_profile nor "
               "credential_source");
  }
  const std::string& source = profile.Get("source_profile");
  if (search_.configuration.profiles.Find(source) == nullptr) {
    return Bad("profile " + name + " has source_profile " + source + ", which does not exist");
  }
  // A profile may be its own source where it has keys of its own.
  const bool is_own = source == name && HasStaticKeys(profile);
  const bool was_visited = std::find(visited.begin(), visited.end(), source) != visited.end();
  if (was_visited && !is_own) {
    return Bad("source_profile leads in a circle: " + PathThrough(visited, source));
  }
  if (visited.size() >= static_cast<std::size_t>(kProfileChainMax)) {
    return Bad("more than " + std::to_string(kProfileChainMax) + " profiles lead to one another");
  }
  return OfSourceProfile(source, visited);
}

Outcome<Credentials> CredentialChain::OfSourceProfile(const std::string& name,
                                                      const std::vector<std::string>& visited) {
  const Profile& profile = *search_.configuration.profiles.Find(name);
  const bool is_role = profile.Has("role_arn") && !profile.Has("web_identity_token_file");
  if (is_role && !HasStaticKeys(profile)) {
    std::vector<std::string> longer = visited;
    longer.push_back(name);
    return OfRole(name, longer);
  }
  const auto found = OfProfile(name, /*may_use_environment=*/false);
  if (!found) return found.error();
  if (!found->has_value()) {
    return Bad("profile " + name + " is the source of profile " + visited.back() +
                   " and has no credentials",
               "Give it some, for example by `aws configure --profile " + name + "`.");
  }
  return **found;
}

Outcome<Credentials> CredentialChain::OfNamedSource(const std::string& source,
                                                    const std::string& profile) {
  const std::string word = LowerCase(source);
  MaybeCredentials found = std::optional<Credentials>();
  if (word == "environment") {
    found = KeysOfEnvironment(search_.world);
  } else if (word == "ec2instancemetadata") {
    found = CredentialsOfInstance(search_.world, search_.configuration);
  } else if (word == "ecscontainer") {
    found = CredentialsOfContainer(search_.world);
  } else {
    return Bad("profile " + profile + " has credential_source " + source + ", which is none",
               "Write Environment, Ec2InstanceMetadata or EcsContainer.");
  }
  if (!found) return found.error();
  if (!found->has_value()) {
    return Failure{"NoCredentials",
                   "credential_source " + source + " of profile " + profile + " has none",
                   "Check that source, or use source_profile."};
  }
  return **found;
}

}  // namespace eic::aws
