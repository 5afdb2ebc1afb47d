// Keys that stand in the environment or in a file.
#pragma once

#include "aws/credentials/credentials.h"

namespace eic::aws {

// AWS_ACCESS_KEY_ID and its companions. Fails with `BadConfiguration` where half of the pair is
// missing, and with `ExpiredToken` by AWS_CREDENTIAL_EXPIRATION.
MaybeCredentials KeysOfEnvironment(World& world);

// aws_access_key_id and its companions. `where` names the section for people.
MaybeCredentials KeysOfSection(const Keys& keys, const std::string& where);

}  // namespace eic::aws
