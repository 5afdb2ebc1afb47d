#include "aws/trust_store.h"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>

namespace eic::aws {
namespace {

constexpr std::size_t kHashDigits = 8;
constexpr int kEntriesLookedAtMax = 4096;

// Debian, Ubuntu and Alpine; SUSE; RHEL, Fedora and Amazon Linux.
constexpr const char* kFolders[] = {
    "etc/ssl/certs",
    "var/lib/ca-certificates/openssl",
    "etc/pki/ca-trust/extracted/pem/directory-hash",
    "etc/pki/tls/certs",
};
constexpr const char* kFiles[] = {
    "etc/ssl/certs/ca-certificates.crt",
    "etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "etc/pki/tls/certs/ca-bundle.crt",
    "var/lib/ca-certificates/ca-bundle.pem",
    "etc/ssl/ca-bundle.pem",
    "etc/ssl/cert.pem",
};

bool IsFolder(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

bool IsFile(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0;
}

// `5ed36f99.0`
bool IsHashName(std::string_view name) {
  return name.size() == kHashDigits + 2 && name[kHashDigits] == '.' &&
         std::all_of(name.begin(), name.begin() + kHashDigits,
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

// RHEL's etc/pki/tls/certs has bundles and no hashes; nothing would be found in it.
bool IsHashed(const std::string& folder) {
  const std::unique_ptr<DIR, int (*)(DIR*)> entries(opendir(folder.c_str()), &closedir);
  if (entries == nullptr) return false;
  for (int looked_at = 0; looked_at < kEntriesLookedAtMax; ++looked_at) {
    // cppcheck-suppress readdirCalled ; one thread
    const dirent* entry = readdir(entries.get());
    if (entry == nullptr) return false;
    if (IsHashName(entry->d_name)) return true;
  }
  return false;
}

}  // namespace

TrustStore FindTrustStore(const std::string& ca, const std::string& root) {
  if (!ca.empty()) return IsFolder(ca) ? TrustStore{ca, ""} : TrustStore{"", ca};
  for (const char* name : kFolders) {
    if (IsHashed(root + name)) return {root + name, ""};
  }
  for (const char* name : kFiles) {
    if (IsFile(root + name)) return {"", root + name};
  }
  return {};
}

}  // namespace eic::aws
