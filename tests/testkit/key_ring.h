// The throw-away keys of the tests, by name. They are committed, so that what they sign stays the
// same from one run of the generator to the next.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/openssl_handles.h"

namespace eic::testkit {

class KeyRing {
 public:
  // Keys are read from FOLDER/NAME.pem when they are first asked for. Throws IssuerError where one
  // is missing.
  explicit KeyRing(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // Borrowed; lives as long as the ring.
  EVP_PKEY* Get(std::string_view name);

  // `SHA256:...` and `MD5:...` of the key, as ssh-keygen -l writes them.
  std::string Sha256Fingerprint(std::string_view name);
  std::string Md5Fingerprint(std::string_view name);

 private:
  std::filesystem::path folder_;
  std::map<std::string, EvpPkeyPtr, std::less<>> keys_;
};

// Makes those keys of the table that FOLDER does not hold yet, and returns their names.
std::vector<std::string> MakeMissingKeys(const std::filesystem::path& folder);

}  // namespace eic::testkit
