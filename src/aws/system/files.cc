#include "aws/system/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "aws/system/descriptor.h"

namespace eic {
namespace {

using Fault = FileText::Fault;

constexpr std::size_t kChunkBytes = 16 * 1024;

aws::Failure BadFile(const std::string& path, const char* what, int error,
                     const char* code = "BadFile") {
  return {code, std::string("cannot ") + what + ' ' + path + ": " + std::strerror(error)};
}

// False where what was written did not arrive.
bool Close(Descriptor* file) { return close(file->Release()) == 0; }

bool WriteAll(int fd, std::string_view contents) {
  while (!contents.empty()) {
    const ssize_t written = write(fd, contents.data(), contents.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    contents.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// A group that this user may not give away is left where its members get nothing by it.
bool KeepOwner(int fd, const Owner& owner, mode_t mode) {
  if (fchown(fd, owner.user, owner.group) == 0) return true;
  return errno == EPERM && owner.user == geteuid() && (mode & S_IRWXG) == 0;
}

// The name of a file is on the disk when its folder is.
void SyncFolder(const std::string& path) {
  const std::string folder = path.substr(0, path.rfind('/') + 1);
  const Descriptor fd(
      open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd) (void)fsync(fd.get());
}

}  // namespace

FileText ReadFile(const std::string& path, std::size_t bytes_max, FileKind kind) {
  // Nonblocking: the open of a pipe without a writer would wait for ever.
  const Descriptor fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!fd) {
    const bool is_missing = errno == ENOENT || errno == ENOTDIR;
    return {is_missing ? Fault::kMissing : Fault::kNotOpened, {}, errno};
  }
  struct stat found {};
  if (fstat(fd.get(), &found) != 0) return {Fault::kNotRead, {}, errno};
  if (kind == FileKind::kRegular && !S_ISREG(found.st_mode)) return {Fault::kNotRegular};
  FileText file;
  std::array<char, kChunkBytes> chunk{};
  while (file.text.size() <= bytes_max) {
    const ssize_t count = read(fd.get(), chunk.data(), chunk.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return {Fault::kNotRead, {}, errno};
    if (count == 0) return file;
    file.text.append(chunk.data(), static_cast<std::size_t>(count));
  }
  return {Fault::kTooLarge};
}

aws::Outcome<std::string> LoadFile(const std::string& path, std::size_t bytes_max) {
  FileText file = ReadFile(path, bytes_max);
  switch (file.fault) {
    case Fault::kNone:
      break;
    case Fault::kMissing:
      return BadFile(path, "open", file.error_number, "NoFile");
    case Fault::kNotOpened:
      return BadFile(path, "open", file.error_number);
    case Fault::kNotRegular:
      return aws::Failure{"BadFile", path + " is not a regular file"};
    case Fault::kNotRead:
      return BadFile(path, "read", file.error_number);
    case Fault::kTooLarge:
      return aws::Failure{"BadFile",
                          path + " is larger than " + std::to_string(bytes_max) + " bytes"};
  }
  return std::move(file.text);
}

aws::Outcome<Nothing> StoreFile(const std::string& path, std::string_view contents, mode_t mode,
                                Durability durability, const Owner* owner) {
  const bool lasts = durability == Durability::kLasts;
  std::string temporary = path + ".XXXXXX";
  Descriptor fd(mkostemp(temporary.data(), O_CLOEXEC));
  if (!fd) return BadFile(path, "write beside", errno);
  const bool has_owner = owner == nullptr || KeepOwner(fd.get(), *owner, mode);
  if (!has_owner || fchmod(fd.get(), mode) != 0 || !WriteAll(fd.get(), contents) ||
      (lasts && fsync(fd.get()) != 0) || !Close(&fd) ||
      rename(temporary.c_str(), path.c_str()) != 0) {
    const int error = errno;
    (void)unlink(temporary.c_str());
    return BadFile(path, has_owner ? "write" : "keep the owner of", error);
  }
  if (lasts) SyncFolder(path);
  return Nothing{};
}

}  // namespace eic
