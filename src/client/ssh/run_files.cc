#include "client/ssh/run_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <vector>

#include "aws/system/files.h"
#include "client/limits.h"

namespace eic::client {
namespace {

constexpr mode_t kPrivateMode = 0600;
constexpr mode_t kPrivateFolderMode = 0700;
constexpr std::size_t kNameBytes = 16;  // of the digest: names need not be secret, only apart

aws::Outcome<std::string> NameOf(const std::string& text) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  if (EVP_Digest(text.data(), text.size(), digest, &length, EVP_sha256(), nullptr) != 1 ||
      length < kNameBytes) {
    return aws::Failure{"BadFile", "OpenSSL could not compute SHA-256"};
  }
  constexpr const char* kHexDigits = "0123456789abcdef";
  std::string name;
  for (std::size_t at = 0; at < kNameBytes; ++at) {
    name += kHexDigits[digest[at] >> 4U];
    name += kHexDigits[digest[at] & 0xfU];
  }
  return name + ".conf";
}

struct Aged {
  std::string path;
  timespec changed;
};

bool IsNewer(const Aged& one, const Aged& other) {
  if (one.changed.tv_sec != other.changed.tv_sec) return one.changed.tv_sec > other.changed.tv_sec;
  return one.changed.tv_nsec > other.changed.tv_nsec;
}

struct CloseFolder {
  void operator()(DIR* folder) const { closedir(folder); }
};

// Best effort: two that prune at once drop the same ones.
void Prune(const std::string& folder) {
  const std::unique_ptr<DIR, CloseFolder> entries(opendir(folder.c_str()));
  if (entries == nullptr) return;
  std::vector<Aged> files;
  // cppcheck-suppress readdirCalled ; one thread
  while (const dirent* entry = readdir(entries.get())) {
    if (entry->d_name[0] == '.') continue;
    struct stat found {};
    std::string path = folder + "/" + entry->d_name;
    if (lstat(path.c_str(), &found) != 0 || !S_ISREG(found.st_mode)) continue;
    files.push_back({std::move(path), found.st_mtim});
  }
  if (files.size() <= kRunFilesMax) return;
  std::sort(files.begin(), files.end(), IsNewer);
  for (std::size_t at = kRunFilesMax; at < files.size(); ++at) (void)unlink(files[at].path.c_str());
}

}  // namespace

aws::Outcome<std::string> KeepRunFile(const Folder& folder, const std::string& text) {
  const std::string run = folder.RunFolder();
  if (mkdir(run.c_str(), kPrivateFolderMode) != 0 && errno != EEXIST) {
    return aws::Failure{"BadFile", "cannot make " + run + ": " + std::strerror(errno)};
  }
  const aws::Outcome<std::string> name = NameOf(text);
  if (!name) return name.error();
  std::string path = run + "/" + *name;
  const aws::Outcome<std::string> there = LoadFile(path, text.size());
  if (there && *there == text) {
    // In use again: it is pruned last.
    (void)utimensat(AT_FDCWD, path.c_str(), nullptr, AT_SYMLINK_NOFOLLOW);
    return path;
  }
  const auto written = StoreFile(path, text, kPrivateMode, Durability::kMayBeLost);
  if (!written) return written.error();
  Prune(run);
  return path;
}

}  // namespace eic::client
