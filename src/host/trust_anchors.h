// The host's trust anchors. doc/design.md step 7.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/openssl_handles.h"
#include "core/result.h"

namespace eic {

// A CA store that was found, and not opened yet.
struct TrustStore {
  std::string path;
  bool is_folder = false;  // of certificates hashed by their subjects (openssl-rehash(1))
  // The real paths that reading it takes: the file, or the folder and those that its links lead to.
  // For whoever confines the process before the store is read.
  std::vector<std::string> reads;
};

// The store at `path`, a PEM file or a hashed folder, or, without a path, that of the distribution:
// a hashed folder before a bundle, since a folder is read one certificate at a time, when it is
// asked for. Fails with kCaStoreUnusable.
Result<TrustStore> FindTrustStore(const std::optional<std::string>& path);

// Fails with kCaStoreUnusable.
Result<X509StorePtr> OpenTrustStore(const TrustStore& store);

// Both, for who confines nothing in between.
Result<X509StorePtr> OpenTrustAnchors(const std::optional<std::string>& path);

}  // namespace eic
