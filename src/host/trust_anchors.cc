#include "host/trust_anchors.h"

#include <dirent.h>
#include <openssl/err.h>
#include <sys/stat.h>

#include <cstdlib>
#include <memory>
#include <string_view>

namespace eic {
namespace {

// Debian, Ubuntu, SUSE, Alpine; Fedora and Amazon Linux with a hashed extract.
constexpr const char* kHashedFolders[] = {
    "/etc/ssl/certs",
    "/etc/pki/ca-trust/extracted/pem/directory-hash",
};
// Debian; Amazon Linux, RHEL, Fedora; SUSE; Alpine.
constexpr const char* kBundles[] = {
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
};

bool IsFolder(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

bool IsFile(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

// `HHHHHHHH.N`, as openssl-rehash(1) names its links.
bool IsHashName(std::string_view name) {
  return name.size() >= 10 && name[8] == '.' &&
         name.substr(0, 8).find_first_not_of("0123456789abcdef") == std::string_view::npos &&
         name.substr(9).find_first_not_of("0123456789") == std::string_view::npos;
}

bool IsHashedFolder(const std::string& path) {
  struct CloseFolder {
    void operator()(DIR* folder) const { closedir(folder); }
  };
  const std::unique_ptr<DIR, CloseFolder> folder(opendir(path.c_str()));
  if (!folder) return false;
  while (const dirent* entry = readdir(folder.get())) {
    if (IsHashName(entry->d_name)) return true;
  }
  return false;
}

Error Unusable(const std::string& path, std::string_view why) {
  return Error{Reason::kCaStoreUnusable, path + ": " + std::string(why)};
}

Result<X509StorePtr> OpenFolder(const std::string& path) {
  // OpenSSL takes a colon to separate folders.
  if (path.find(':') != std::string::npos) return Unusable(path, "a colon in the name of a folder");
  if (!IsHashedFolder(path)) return Unusable(path, "no hashed certificates in it");
  X509StorePtr store(X509_STORE_new());
  if (!store) std::abort();
  // Belongs to the store; not X509_STORE_set_default_paths, which would ask the environment.
  X509_LOOKUP* lookup = X509_STORE_add_lookup(store.get(), X509_LOOKUP_hash_dir());
  if (lookup == nullptr || X509_LOOKUP_add_dir(lookup, path.c_str(), X509_FILETYPE_PEM) != 1) {
    return Unusable(path, "OpenSSL cannot use it");
  }
  return store;
}

Result<X509StorePtr> OpenBundle(const std::string& path) {
  X509StorePtr store(X509_STORE_new());
  if (!store) std::abort();
  X509_LOOKUP* lookup = X509_STORE_add_lookup(store.get(), X509_LOOKUP_file());  // the store's
  const int loaded =
      lookup == nullptr ? 0 : X509_load_cert_file(lookup, path.c_str(), X509_FILETYPE_PEM);
  ERR_clear_error();
  if (loaded <= 0) return Unusable(path, "no certificates in it, or not readable");
  return store;
}

}  // namespace

Result<X509StorePtr> OpenTrustAnchors(const std::optional<std::string>& path) {
  if (path) return IsFolder(*path) ? OpenFolder(*path) : OpenBundle(*path);
  for (const char* folder : kHashedFolders) {
    if (IsHashedFolder(folder)) return OpenFolder(folder);
  }
  for (const char* bundle : kBundles) {
    if (IsFile(bundle)) return OpenBundle(bundle);
  }
  return Error{Reason::kCaStoreUnusable, "this host has none where distributions keep it"};
}

}  // namespace eic
