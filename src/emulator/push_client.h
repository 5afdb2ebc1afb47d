// The other end of the API: what `eic-emulator push` does where there is no AWS CLI.
#pragma once

#include <string>
#include <variant>

#include "core/instant.h"
#include "emulator/api/push_request.h"
#include "emulator/sigv4.h"

namespace eic::emulator {

struct PushFields {
  std::string instance_id;
  std::string os_user;
  std::string public_key;
  std::string availability_zone;  // left out when empty
};

// Who signs the call, for which region, and when.
struct PushSignature {
  Credential credential;
  std::string region;
  Instant now;
};

// Posts SendSSHPublicKey to `api_url` (http://HOST:PORT). The service's JSON, or its error. Throws
// EmulatorError when there is no answer to understand.
std::variant<std::string, ApiError> Push(const std::string& api_url, const PushFields& fields,
                                         const PushSignature& signature);

}  // namespace eic::emulator
