// What instance metadata and containers answer for credentials: the same JSON.
#pragma once

#include <string_view>

#include "aws/credentials/credentials.h"

namespace eic::aws {

// {"AccessKeyId", "SecretAccessKey", "Token", "Expiration"}; nothing where it is none of that.
std::optional<Credentials> ParseServedCredentials(std::string_view text);

}  // namespace eic::aws
