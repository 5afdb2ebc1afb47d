// AWS's config and credentials files as one set of profiles.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "aws/failure.h"
#include "aws/world.h"

namespace eic::aws {

// `NAME = VALUE` of a section.
using Keys = std::map<std::string, std::string>;

struct Profile {
  Keys config = {};       // `[profile NAME]` or `[default]` of the config file
  Keys credentials = {};  // `[NAME]` of the credentials file

  // The credentials file's value, else the config file's, as botocore's merged profile has it;
  // empty where there is none.
  const std::string& Get(const std::string& key) const;
  bool Has(const std::string& key) const;
};

struct Profiles {
  std::map<std::string, Profile> profiles = {};
  std::map<std::string, Keys> sso_sessions = {};
  // `[services NAME]`: service -> its keys.
  std::map<std::string, std::map<std::string, Keys>> services = {};
  std::string config_path = {};
  std::string credentials_path = {};

  const Profile* Find(const std::string& name) const;
};

// AWS_CONFIG_FILE, else ~/.aws/config; AWS_SHARED_CREDENTIALS_FILE, else ~/.aws/credentials. A file
// that does not exist has no profiles. Fails with `BadConfiguration`.
Outcome<Profiles> ReadProfiles(World& world);

// `~` and `$NAME` at the start of or in a path, as botocore expands them.
std::string ExpandPath(const std::string& path, World& world);

}  // namespace eic::aws
