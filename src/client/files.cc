#include "client/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace eic::client {
namespace {

constexpr std::size_t kChunkBytes = 16 * 1024;

aws::Failure BadFile(const std::string& path, const char* what, int error) {
  return {"BadFile", std::string("cannot ") + what + ' ' + path + ": " + std::strerror(error)};
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() { (void)Close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int get() const { return fd_; }
  // False where what was written did not arrive.
  bool Close() { return fd_ < 0 || close(std::exchange(fd_, -1)) == 0; }

 private:
  int fd_;
};

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
  if (fd.get() >= 0) (void)fsync(fd.get());
}

}  // namespace

aws::Outcome<std::string> LoadFile(const std::string& path, std::size_t bytes_max) {
  // Nonblocking: the open of a pipe without a writer would wait for ever.
  const Descriptor fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (fd.get() < 0) {
    aws::Failure failure = BadFile(path, "open", errno);
    if (errno == ENOENT || errno == ENOTDIR) failure.code = "NoFile";
    return failure;
  }
  struct stat found {};
  if (fstat(fd.get(), &found) != 0) return BadFile(path, "look at", errno);
  if (!S_ISREG(found.st_mode)) return aws::Failure{"BadFile", path + " is no regular file"};
  std::string contents;
  std::array<char, kChunkBytes> chunk{};
  while (contents.size() <= bytes_max) {
    const ssize_t count = read(fd.get(), chunk.data(), chunk.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return BadFile(path, "read", errno);
    if (count == 0) return contents;
    contents.append(chunk.data(), static_cast<std::size_t>(count));
  }
  return aws::Failure{"BadFile", path + " is larger than " + std::to_string(bytes_max) + " bytes"};
}

aws::Outcome<Nothing> StoreFile(const std::string& path, std::string_view contents, mode_t mode,
                                Durability durability, const Owner* owner) {
  const bool lasts = durability == Durability::kLasts;
  std::string temporary = path + ".XXXXXX";
  Descriptor fd(mkostemp(temporary.data(), O_CLOEXEC));
  if (fd.get() < 0) return BadFile(path, "write beside", errno);
  const bool has_owner = owner == nullptr || KeepOwner(fd.get(), *owner, mode);
  if (!has_owner || fchmod(fd.get(), mode) != 0 || !WriteAll(fd.get(), contents) ||
      (lasts && fsync(fd.get()) != 0) || !fd.Close() ||
      rename(temporary.c_str(), path.c_str()) != 0) {
    const int error = errno;
    (void)unlink(temporary.c_str());
    return BadFile(path, has_owner ? "write" : "keep the owner of", error);
  }
  if (lasts) SyncFolder(path);
  return Nothing{};
}

}  // namespace eic::client
