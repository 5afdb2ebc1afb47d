// The host's trust anchors. doc/design.md step 7.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/openssl_handles.h"
#include "core/result.h"
#include "host/open_file.h"

namespace eic {

// A CA store that was found but not read yet.
struct TrustStore {
  std::string path;
  // A bundle is kept open from here on: replacing it by rename, as update-ca-certificates(8) does,
  // does not affect a run. None for a folder of certificates that are hashed by their subjects
  // (openssl-rehash(1)).
  std::shared_ptr<const OpenFile> bundle;
  // The real folders that must be readable: that folder, and those that its links lead to. The
  // confinement needs them before the store is read.
  std::vector<std::string> reads;
};

// The store at `path`, a PEM file or a hashed folder, or, without a path, that of the distribution:
// a hashed folder before a bundle, because a folder is read one certificate at a time, when it is
// needed. Fails with kCaStoreUnusable.
Result<TrustStore> FindTrustStore(const std::optional<std::string>& path);

// Fails with kCaStoreUnusable.
Result<X509StorePtr> OpenTrustStore(const TrustStore& store);

// Both, for a caller that confines nothing in between.
Result<X509StorePtr> OpenTrustAnchors(const std::optional<std::string>& path);

}  // namespace eic
