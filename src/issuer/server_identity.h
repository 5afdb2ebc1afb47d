// A throw-away CA for a server on this machine, and the server's certificate by it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/instant.h"
#include "core/openssl_handles.h"

namespace eic::issuer {

struct ServerIdentity {
  EvpPkeyPtr key;
  X509Ptr certificate;
};

// The CA is FOLDER/api-ca.pem, and its key FOLDER/private/api-ca.key (mode 0600). Both are made
// only if they are missing, so that clients which trust the CA keep trusting it. The server's key
// and certificate are new each time and only in memory. `names` are DNS names and addresses. Fails
// when the CA is no longer, or not yet, valid at `now`.
ServerIdentity MakeServerIdentity(const std::filesystem::path& folder,
                                  const std::vector<std::string>& names, Instant now);

}  // namespace eic::issuer
