// The host's trust anchors. doc/design.md step 7.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/openssl_handles.h"
#include "core/result.h"

namespace eic {

// Opens the CA store at `path`, a PEM file or a folder of certificates hashed by their subjects
// (openssl rehash), or, without a path, that of the distribution: a hashed folder before a bundle,
// since a folder is read one certificate at a time, when it is asked for. Fails with
// kCaStoreUnusable.
Result<X509StorePtr> OpenTrustAnchors(const std::optional<std::string>& path);

// The real paths that reading that store takes: the file, or the folder and those that its links
// lead to. For whoever confines the process before the store is read. Empty where there is no
// store.
std::vector<std::string> TrustAnchorPaths(const std::optional<std::string>& path);

}  // namespace eic
