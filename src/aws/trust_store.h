// Where the certificates lie that servers are verified by.
#pragma once

#include <string>
#include <vector>

namespace eic::aws {

// libcurl's CAPATH and CAINFO: one of them is set, or none where nothing was found.
struct TrustStore {
  std::string folder = {};  // hashed, as c_rehash(1) makes it
  std::string file = {};    // PEM
};

// `ca` as a person named it: a folder or a file. Empty: the host's store below `root` (`/`). A
// hashed folder is preferred to a bundle: OpenSSL reads one file of it instead of some 140
// certificates, which cost 20 to 30 ms each time.
TrustStore FindTrustStore(const std::string& ca, const std::string& root = "/");

}  // namespace eic::aws
