#include "aws/configuration.h"

#include <optional>

#include "aws/limits.h"
#include "aws/text.h"
#include "core/partition.h"

namespace eic::aws {
namespace {

constexpr std::size_t kRegionBytesMax = 63;  // a label of a host name

// The first of them that is set and not empty.
std::string FirstOf(World& world, std::initializer_list<const char*> variables) {
  for (const char* variable : variables) {
    const auto value = world.Env(variable);
    if (value && !value->empty()) return *value;
  }
  return "";
}

std::string VariableOrKey(World& world, const char* variable, const Profile& profile,
                          const char* key) {
  const std::string value = FirstOf(world, {variable});
  return value.empty() ? profile.Get(key) : value;
}

std::string ProfileName(const Settings& settings, World& world) {
  if (!settings.profile.empty()) return settings.profile;
  const std::string named = FirstOf(world, {"AWS_PROFILE", "AWS_DEFAULT_PROFILE"});
  return named.empty() ? "default" : named;
}

Failure NoSuchProfile(const Configuration& configuration) {
  return {"ProfileNotFound",
          "The profile " + configuration.profile + " is neither in " +
              configuration.profiles.config_path + " nor in " +
              configuration.profiles.credentials_path + ".",
          "Correct --profile or AWS_PROFILE, or add the profile by `aws configure --profile " +
              configuration.profile + "`."};
}

Outcome<int> AttemptsMax(World& world, const Profile& profile) {
  const std::string text = VariableOrKey(world, "AWS_MAX_ATTEMPTS", profile, "max_attempts");
  if (text.empty()) return kAttemptsDefault;
  const bool is_number =
      text.size() <= 3 && text.find_first_not_of("0123456789") == std::string::npos;
  const int attempts = is_number ? std::stoi(text) : 0;
  if (attempts < 1 || attempts > kAttemptsMax) {
    return Failure{"BadConfiguration",
                   "AWS_MAX_ATTEMPTS (max_attempts in the config file) is \"" + text + "\"",
                   "Set it to a number from 1 to " + std::to_string(kAttemptsMax) + "."};
  }
  return attempts;
}

Failure BadRegion(const std::string& region) {
  return {"BadConfiguration", "\"" + region + "\" does not look like a region",
          "Use one like us-east-1, with --region, AWS_REGION or `region` in the profile."};
}

}  // namespace

bool IsRegion(std::string_view text) {
  return text.size() <= kRegionBytesMax && eic::IsRegion(text);
}

const Profile& Configuration::OwnProfile() const {
  static const Profile kNone;
  const Profile* found = profiles.Find(profile);
  return found == nullptr ? kNone : *found;
}

Outcome<Configuration> ReadConfiguration(const Settings& settings, World& world) {
  Configuration configuration;
  auto profiles = ReadProfiles(world);
  if (!profiles) return profiles.error();
  configuration.profiles = std::move(*profiles);
  configuration.profile = ProfileName(settings, world);
  configuration.is_profile_explicit = !settings.profile.empty();
  if (configuration.profiles.Find(configuration.profile) == nullptr &&
      configuration.profile != "default") {
    return NoSuchProfile(configuration);
  }
  const Profile& own = configuration.OwnProfile();

  configuration.region = settings.region;
  if (configuration.region.empty()) {
    configuration.region = FirstOf(world, {"AWS_REGION", "AWS_DEFAULT_REGION"});
  }
  if (configuration.region.empty()) configuration.region = own.Get("region");
  if (!configuration.region.empty() && !IsRegion(configuration.region)) {
    return BadRegion(configuration.region);
  }
  configuration.endpoint_url = settings.endpoint_url;
  configuration.ca_bundle = settings.ca_bundle;
  if (configuration.ca_bundle.empty()) {
    configuration.ca_bundle =
        ExpandPath(VariableOrKey(world, "AWS_CA_BUNDLE", own, "ca_bundle"), world);
  }
  configuration.use_fips =
      IsTrue(VariableOrKey(world, "AWS_USE_FIPS_ENDPOINT", own, "use_fips_endpoint"));
  configuration.use_dualstack =
      IsTrue(VariableOrKey(world, "AWS_USE_DUALSTACK_ENDPOINT", own, "use_dualstack_endpoint"));
  configuration.mfa_lock_path = settings.mfa_lock_path;
  const auto attempts = AttemptsMax(world, own);
  if (!attempts) return attempts.error();
  configuration.attempts_max = *attempts;
  return configuration;
}

}  // namespace eic::aws
