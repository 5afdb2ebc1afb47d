// The AWS CLI's cache of role credentials, ~/.aws/cli/cache: what the CLI got is used here, and the
// other way round, so that one MFA code serves both.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "aws/credentials/credentials.h"

namespace eic::aws {

// What AssumeRole is called with; an empty field is not sent, and not part of the cache's key.
struct RoleArguments {
  std::string role_arn;
  std::string session_name = {};
  std::string external_id = {};
  std::string mfa_serial = {};
  int duration_seconds = 0;
};

// The SHA-1, in hexadecimal, of Python's json.dumps(arguments, sort_keys=True).
std::string RoleCacheKey(const RoleArguments& arguments);

// For what the CLI got by SSO. `session` is empty where the profile has a start URL only.
std::string SsoCacheKey(const std::string& account_id, const std::string& role_name,
                        const std::string& session, const std::string& start_url);

// Nothing where there is none with 15 minutes left. A file that is not understood counts as none.
std::optional<Credentials> ReadRoleCache(const std::string& key, World& world);

// Mode 0600. Where it cannot be written the credentials serve this run alone.
void WriteRoleCache(const std::string& key, const Credentials& credentials, World& world);

}  // namespace eic::aws
