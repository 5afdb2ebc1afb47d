#include "aws/credentials/role_cache.h"

#include <openssl/evp.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "aws/json_text.h"
#include "aws/limits.h"
#include "aws/text.h"
#include "aws/time_text.h"

namespace eic::aws {
namespace {

using nlohmann::json;

// Names a file and protects nothing.
std::string Sha1Hex(const std::string& text) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), digest, &size, EVP_sha1(), nullptr) != 1) std::abort();
  std::string hex;
  for (unsigned i = 0; i < size; ++i) {
    hex.push_back("0123456789abcdef"[digest[i] >> 4U]);
    hex.push_back("0123456789abcdef"[digest[i] & 0x0FU]);
  }
  return hex;
}

// With the separators given; Python escapes everything that is not ASCII.
std::string PythonJson(const std::map<std::string, json>& sorted, const char* comma,
                       const char* colon) {
  std::string text = "{";
  for (const auto& [name, value] : sorted) {
    if (text.size() > 1) text += comma;
    text += json(name).dump() + colon;
    text += value.dump(-1, ' ', /*ensure_ascii=*/true, json::error_handler_t::replace);
  }
  return text + "}";
}

std::string PathOf(const std::string& key, World& world) {
  return world.Home() + "/.aws/cli/cache/" + key + ".json";
}

}  // namespace

std::string RoleCacheKey(const RoleArguments& arguments) {
  std::map<std::string, json> sorted;
  sorted["RoleArn"] = arguments.role_arn;
  if (!arguments.session_name.empty()) sorted["RoleSessionName"] = arguments.session_name;
  if (!arguments.external_id.empty()) sorted["ExternalId"] = arguments.external_id;
  if (!arguments.mfa_serial.empty()) sorted["SerialNumber"] = arguments.mfa_serial;
  if (arguments.duration_seconds != 0) sorted["DurationSeconds"] = arguments.duration_seconds;
  return Sha1Hex(PythonJson(sorted, ", ", ": "));
}

std::string SsoCacheKey(const std::string& account_id, const std::string& role_name,
                        const std::string& session, const std::string& start_url) {
  std::map<std::string, json> sorted;
  sorted["accountId"] = account_id;
  sorted["roleName"] = role_name;
  if (session.empty()) {
    sorted["startUrl"] = start_url;
  } else {
    sorted["sessionName"] = session;
  }
  return Sha1Hex(PythonJson(sorted, ",", ":"));
}

std::optional<Credentials> ReadRoleCache(const std::string& key, World& world) {
  const auto text = world.ReadFile(PathOf(key, world), kCacheFileBytesMax);
  if (!text || !text->has_value()) return std::nullopt;
  const auto file = ParseJsonObject(**text);
  const json given = file ? file->value("Credentials", json()) : json();
  Credentials found;
  found.key = {TextOf(given, "AccessKeyId"), TextOf(given, "SecretAccessKey"),
               TextOf(given, "SessionToken")};
  found.expires = ParseIsoTime(TextOf(given, "Expiration"));
  found.source = "the AWS CLI's cache";
  const bool is_whole = !found.key.access_key_id.empty() && !found.key.secret_access_key.empty();
  if (!is_whole || !found.expires) return std::nullopt;
  // valid: expires - now >= kCachedSecondsLeftMin
  if (*found.expires - world.Now() < kCachedSecondsLeftMin) return std::nullopt;
  return found;
}

void WriteRoleCache(const std::string& key, const Credentials& credentials, World& world) {
  if (!credentials.expires) return;
  const nlohmann::ordered_json file = {{"Credentials",
                                        {{"AccessKeyId", credentials.key.access_key_id},
                                         {"SecretAccessKey", credentials.key.secret_access_key},
                                         {"SessionToken", credentials.key.session_token},
                                         {"Expiration", IsoTime(*credentials.expires)}}}};
  const std::string path = PathOf(key, world);
  const std::string text = file.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  if (!world.WriteSecretFile(path, text)) world.Tell("cannot write " + path);
}

}  // namespace eic::aws
