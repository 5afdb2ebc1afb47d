#include "aws/credentials/static_keys.h"

#include "aws/time_text.h"

namespace eic::aws {
namespace {

std::string Variable(World& world, const char* name) { return world.Env(name).value_or(""); }

std::string Key(const Keys& keys, const char* name) {
  const auto found = keys.find(name);
  return found == keys.end() ? "" : found->second;
}

}  // namespace

MaybeCredentials KeysOfEnvironment(World& world) {
  Credentials found;
  found.source = "environment";
  found.key.access_key_id = Variable(world, "AWS_ACCESS_KEY_ID");
  if (found.key.access_key_id.empty()) return std::optional<Credentials>();
  found.key.secret_access_key = Variable(world, "AWS_SECRET_ACCESS_KEY");
  if (found.key.secret_access_key.empty()) {
    return Failure{"BadConfiguration", "AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not",
                   "Set both, or unset both."};
  }
  // The older name comes first, as with botocore.
  found.key.session_token = Variable(world, "AWS_SECURITY_TOKEN");
  if (found.key.session_token.empty()) {
    found.key.session_token = Variable(world, "AWS_SESSION_TOKEN");
  }
  const std::string expiration = Variable(world, "AWS_CREDENTIAL_EXPIRATION");
  if (expiration.empty()) return std::optional<Credentials>(found);
  found.expires = ParseIsoTime(expiration);
  if (!found.expires) {
    return Failure{"BadConfiguration", "AWS_CREDENTIAL_EXPIRATION is \"" + expiration + "\"",
                   "Write it as 2030-01-02T03:04:05Z, or unset it."};
  }
  if (*found.expires <= world.Now()) {
    return Failure{"ExpiredToken",
                   "the credentials in the environment expired at " + expiration +
                       " (AWS_CREDENTIAL_EXPIRATION)",
                   "Get new ones, or unset the AWS_* variables to use a profile."};
  }
  return std::optional<Credentials>(found);
}

MaybeCredentials KeysOfSection(const Keys& keys, const std::string& where) {
  if (keys.count("aws_access_key_id") == 0) return std::optional<Credentials>();
  Credentials found;
  found.source = where;
  found.key.access_key_id = Key(keys, "aws_access_key_id");
  found.key.secret_access_key = Key(keys, "aws_secret_access_key");
  if (found.key.access_key_id.empty() || found.key.secret_access_key.empty()) {
    return Failure{"BadConfiguration",
                   where + " has an aws_access_key_id or aws_secret_access_key without the other",
                   "Set both, for example by `aws configure`."};
  }
  const bool has_older_name = keys.count("aws_security_token") > 0;
  found.key.session_token = Key(keys, has_older_name ? "aws_security_token" : "aws_session_token");
  return std::optional<Credentials>(found);
}

}  // namespace eic::aws
