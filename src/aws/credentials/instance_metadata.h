// Credentials and region of the EC2 instance that this runs on, by IMDSv2.
#pragma once

#include <optional>
#include <string>

#include "aws/credentials/credentials.h"

namespace eic::aws {

// Nothing where AWS_EC2_METADATA_DISABLED is set, nobody answers, or the instance has no role.
// Fails with `BadConfiguration` and `MalformedAnswer`.
MaybeCredentials CredentialsOfInstance(World& world, const Configuration& configuration);

// Nothing where metadata does not say.
std::optional<std::string> FetchRegion(World& world, const Configuration& configuration);

}  // namespace eic::aws
