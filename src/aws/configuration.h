// What one Api goes by: settings, environment and profile brought together, in AWS's order.
#pragma once

#include <string>

#include "aws/api.h"
#include "aws/failure.h"
#include "aws/profiles.h"
#include "aws/world.h"

namespace eic::aws {

struct Configuration {
  Profiles profiles = {};
  std::string profile = {};          // its name; `default` where nothing else is said
  bool is_profile_explicit = false;  // by Settings: the environment's keys then do not count
  std::string region = {};           // empty: nowhere said
  std::string endpoint_url = {};     // Settings'
  std::string ca_bundle = {};        // empty: the host's store
  bool use_fips = false;
  bool use_dualstack = false;
  int attempts_max = 0;
  std::string mfa_lock_path = {};  // empty: none

  // The profile that is in use; an empty one where no file has it.
  const Profile& OwnProfile() const;
};

// Fails with `BadConfiguration`, and `ProfileNotFound` where a profile is named that no file has.
Outcome<Configuration> ReadConfiguration(const Settings& settings, World& world);

// Two or more words of letters, then a number, joined by '-': a region becomes part of host names.
bool IsRegion(std::string_view text);

}  // namespace eic::aws
