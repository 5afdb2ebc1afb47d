#include "host/trust_anchors.h"

#include <dirent.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>
#include <cstdlib>
#include <functional>
#include <memory>
#include <set>
#include <string_view>

#include "core/limits.h"

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

Error Unusable(const std::string& path, std::string_view why) {
  return Error{Reason::kCaStoreUnusable, path + ": " + std::string(why)};
}

Result<X509StorePtr> OpenFolder(const std::string& path) {
  // OpenSSL takes a colon to separate folders.
  if (path.find(':') != std::string::npos) return Unusable(path, "a colon in the name of a folder");
  X509StorePtr store(X509_STORE_new());
  if (!store) std::abort();
  // Belongs to the store; not X509_STORE_set_default_paths, which would read the environment.
  X509_LOOKUP* lookup = X509_STORE_add_lookup(store.get(), X509_LOOKUP_hash_dir());
  if (lookup == nullptr || X509_LOOKUP_add_dir(lookup, path.c_str(), X509_FILETYPE_PEM) != 1) {
    return Unusable(path, "OpenSSL cannot use it");
  }
  return store;
}

// True if the bundle ended where a certificate ended: X509_load_cert_file(3) accepts that.
bool AddAll(BIO* bio, X509_STORE* store) {
  bool has_any = false;
  while (true) {
    // With its trust settings, if it has any.
    const X509Ptr certificate(PEM_read_bio_X509_AUX(bio, nullptr, nullptr, nullptr));
    if (!certificate) break;
    if (X509_STORE_add_cert(store, certificate.get()) != 1) return false;
    has_any = true;
  }
  return has_any && ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
}

Result<X509StorePtr> OpenBundle(const TrustStore& bundle) {
  const Result<std::string> text = ReadAll(*bundle.bundle, kBundleBytesMax);
  if (!text) return Unusable(bundle.path, text.error().detail);
  X509StorePtr store(X509_STORE_new());
  const BioPtr bio(BIO_new_mem_buf(text->data(), static_cast<int>(text->size())));
  if (!store || !bio) std::abort();
  const bool is_good = AddAll(bio.get(), store.get());
  ERR_clear_error();
  if (!is_good) return Unusable(bundle.path, "no certificates in it, or a damaged one");
  return store;
}

std::string RealPath(const std::string& path) {
  const std::unique_ptr<char, FreeWith<&std::free>> real(realpath(path.c_str(), nullptr));
  return real ? real.get() : "";
}

// Reads the links of one folder. A store has hundreds of them and is looked through before each
// login, so nothing is allocated for one.
class LinkReader {
 public:
  explicit LinkReader(int folder) : folder_(folder) {}

  // The folder outside that the entry `name` leads to, by links within the folder first, as
  // update-ca-certificates makes them; empty if it stays inside. Until the next call.
  std::string_view OuterFolderOf(const char* name) {
    constexpr int kHopsMax = 8;
    for (int hop = 0; hop < kHopsMax; ++hop) {
      Target& target = targets_[static_cast<std::size_t>(hop % 2)];  // the other one holds `name`
      const ssize_t length = readlinkat(folder_, name, target.data(), target.size() - 1);
      if (length <= 0) return {};
      target[static_cast<std::size_t>(length)] = '\0';
      const std::string_view text(target.data(), static_cast<std::size_t>(length));
      const std::size_t slash = text.rfind('/');
      if (slash != std::string_view::npos) return text.substr(0, slash + 1);
      name = target.data();
    }
    return {};
  }

 private:
  using Target = std::array<char, PATH_MAX>;

  int folder_;
  std::array<Target, 2> targets_{};
};

// Whether something in the folder leads on; also true if that cannot be determined.
bool HasLinks(const std::string& path) {
  const FolderPtr folder(opendir(path.c_str()));
  if (!folder) return false;
  // cppcheck-suppress readdirCalled ; the folder is ours alone
  while (const dirent* entry = readdir(folder.get())) {
    if (entry->d_type == DT_LNK || entry->d_type == DT_UNKNOWN) return true;
  }
  return false;
}

// Where the hashed names of `path` lead to in the end, each followed by the kernel.
std::set<std::string> EndsOfHashedNames(const std::string& path) {
  std::set<std::string> ends;
  const FolderPtr folder(opendir(path.c_str()));
  // cppcheck-suppress readdirCalled ; the folder is ours alone
  while (const dirent* entry = folder ? readdir(folder.get()) : nullptr) {
    if (!IsHashName(entry->d_name)) continue;
    const std::string real = RealPath(path + '/' + entry->d_name);
    if (!real.empty()) ends.insert(real.substr(0, std::max<std::size_t>(1, real.rfind('/'))));
  }
  return ends;
}

// The real folders that the hashed names in `path` lead to, including `path`; empty if it has no
// such name. Links that leave `path` mostly end in the folder that they lead to: only if that
// folder has links too is each name followed to its end.
std::vector<std::string> ReadsOfFolder(const std::string& path) {
  const FolderPtr folder(opendir(path.c_str()));
  if (!folder) return {};
  std::set<std::string, std::less<>> outer;
  bool is_hashed = false;
  LinkReader links(dirfd(folder.get()));
  // cppcheck-suppress readdirCalled ; the folder is ours alone
  while (const dirent* entry = readdir(folder.get())) {
    if (!IsHashName(entry->d_name)) continue;
    is_hashed = true;
    const std::string_view leads_to = links.OuterFolderOf(entry->d_name);
    if (!leads_to.empty() && outer.find(leads_to) == outer.end()) outer.emplace(leads_to);
  }
  if (!is_hashed) return {};
  std::set<std::string> real;
  bool leads_on = false;
  for (const std::string& each : outer) {
    std::string folder_path = each[0] == '/' ? "" : path + '/';
    folder_path.append(each);
    real.insert(RealPath(folder_path));
    leads_on = leads_on || HasLinks(folder_path);
  }
  if (leads_on) real = EndsOfHashedNames(path);
  real.insert(RealPath(path));
  real.erase("");
  return {real.begin(), real.end()};
}

// A folder is a store if it has hashed certificates, a file if it can be opened: the file is parsed
// when there is something to verify.
Result<TrustStore> FindAt(const std::string& path) {
  if (!IsFolder(path)) {
    Result<std::shared_ptr<const OpenFile>> bundle = OpenForReading(path);
    if (!bundle) return Unusable(path, bundle.error().detail);
    return TrustStore{path, *std::move(bundle), {}};
  }
  TrustStore store{path, nullptr, ReadsOfFolder(path)};
  if (store.reads.empty()) return Unusable(path, "no hashed certificates in it");
  return store;
}

}  // namespace

Result<TrustStore> FindTrustStore(const std::optional<std::string>& path) {
  if (path) return FindAt(*path);
  for (const char* folder : kHashedFolders) {
    if (!IsFolder(folder)) continue;
    Result<TrustStore> store = FindAt(folder);
    if (store) return store;
  }
  for (const char* bundle : kBundles) {
    if (IsFile(bundle)) return FindAt(bundle);
  }
  return Error{Reason::kCaStoreUnusable, "this host has none where distributions keep it"};
}

Result<X509StorePtr> OpenTrustStore(const TrustStore& store) {
  return store.bundle ? OpenBundle(store) : OpenFolder(store.path);
}

Result<X509StorePtr> OpenTrustAnchors(const std::optional<std::string>& path) {
  const Result<TrustStore> store = FindTrustStore(path);
  if (!store) return store.error();
  return OpenTrustStore(*store);
}

}  // namespace eic
