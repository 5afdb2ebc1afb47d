// Credentials of a container: ECS and EKS Pod Identity.
#pragma once

#include "aws/credentials/credentials.h"

namespace eic::aws {

// AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI, with AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE
// or _TOKEN. Nothing where neither is set. Plain HTTP goes to this host and to AWS's link-local
// addresses alone. Fails with `BadConfiguration`, `NoCredentials`.
MaybeCredentials CredentialsOfContainer(World& world);

}  // namespace eic::aws
