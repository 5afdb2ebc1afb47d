#include "aws/credentials/metadata_json.h"

#include "aws/json_text.h"
#include "aws/time_text.h"

namespace eic::aws {

std::optional<Credentials> ParseServedCredentials(std::string_view text) {
  const auto json = ParseJsonObject(text);
  if (!json) return std::nullopt;
  Credentials found;
  found.key = {TextOf(*json, "AccessKeyId"), TextOf(*json, "SecretAccessKey"),
               TextOf(*json, "Token")};
  found.expires = ParseIsoTime(TextOf(*json, "Expiration"));
  const bool is_whole = !found.key.access_key_id.empty() && !found.key.secret_access_key.empty();
  if (!is_whole || !found.expires) return std::nullopt;
  return found;
}

}  // namespace eic::aws
