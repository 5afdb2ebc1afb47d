#include "host/trust_anchors.h"

#include <dirent.h>
#include <openssl/err.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <cstdlib>
#include <memory>
#include <set>
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

struct CloseFolder {
  void operator()(DIR* folder) const { closedir(folder); }
};
using FolderPtr = std::unique_ptr<DIR, CloseFolder>;

bool IsHashedFolder(const std::string& path) {
  const FolderPtr folder(opendir(path.c_str()));
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

// Where the store is; nothing if there is none where distributions keep it.
std::optional<std::string> FindStore(const std::optional<std::string>& path) {
  if (path) return path;
  for (const char* folder : kHashedFolders) {
    if (IsHashedFolder(folder)) return folder;
  }
  for (const char* bundle : kBundles) {
    if (IsFile(bundle)) return bundle;
  }
  return std::nullopt;
}

std::string RealPath(const std::string& path) {
  const std::unique_ptr<char, FreeWith<&std::free>> real(realpath(path.c_str(), nullptr));
  return real ? real.get() : "";
}

// What the link `name` in `folder` says; empty for what is no link.
std::string LinkTarget(const std::string& folder, const std::string& name) {
  std::array<char, PATH_MAX> target{};
  const ssize_t length = readlink((folder + '/' + name).c_str(), target.data(), target.size());
  return length <= 0 ? "" : std::string(target.data(), static_cast<std::size_t>(length));
}

// The folder outside `folder` that the entry `name` leads to, by links within the folder first, as
// update-ca-certificates makes them; empty if it stays inside.
std::string OuterFolder(const std::string& folder, std::string name) {
  constexpr int kHopsMax = 8;
  for (int hop = 0; hop < kHopsMax; ++hop) {
    const std::string target = LinkTarget(folder, name);
    const std::size_t slash = target.rfind('/');
    if (target.empty()) return "";
    if (slash != std::string::npos) {
      return target[0] == '/' ? target.substr(0, slash + 1)
                              : folder + '/' + target.substr(0, slash);
    }
    name = target;
  }
  return "";
}

std::vector<std::string> PathsOfFolder(const std::string& path) {
  std::set<std::string> folders;
  const FolderPtr folder(opendir(path.c_str()));
  while (const dirent* entry = folder ? readdir(folder.get()) : nullptr) {
    if (IsHashName(entry->d_name)) folders.insert(OuterFolder(path, entry->d_name));
  }
  std::set<std::string> real = {RealPath(path)};
  for (const std::string& outer : folders) {
    if (!outer.empty()) real.insert(RealPath(outer));
  }
  real.erase("");
  return {real.begin(), real.end()};
}

}  // namespace

Result<X509StorePtr> OpenTrustAnchors(const std::optional<std::string>& path) {
  const std::optional<std::string> store = FindStore(path);
  if (!store) {
    return Error{Reason::kCaStoreUnusable, "this host has none where distributions keep it"};
  }
  return IsFolder(*store) ? OpenFolder(*store) : OpenBundle(*store);
}

std::vector<std::string> TrustAnchorPaths(const std::optional<std::string>& path) {
  const std::optional<std::string> store = FindStore(path);
  if (!store) return {};
  if (IsFolder(*store)) return PathsOfFolder(*store);
  const std::string real = RealPath(*store);
  return real.empty() ? std::vector<std::string>() : std::vector<std::string>{real};
}

}  // namespace eic
