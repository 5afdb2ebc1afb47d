#include "admin/files/file_system.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstring>
#include <memory>

#include "admin/limits.h"

namespace eic::admin {
namespace {

constexpr int kNewFileFlags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
constexpr mode_t kNewFolderMode = 0755;
constexpr mode_t kPermissionBits = 07777;

class Descriptor {
 public:
  explicit Descriptor(int file) : file_(file) {}
  ~Descriptor() {
    if (file_ >= 0) close(file_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int get() const { return file_; }

 private:
  int file_;
};

std::string FolderOf(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
}

bool WriteAll(FileSystem& files, int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = files.Write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// SELinux's label and access lists. A file system without them has nothing to copy.
void CopyAttributes(int from, int to) {
  for (const char* name : {"security.selinux", "system.posix_acl_access"}) {
    std::array<char, 4096> value{};
    const ssize_t length = fgetxattr(from, name, value.data(), value.size());
    if (length > 0) (void)fsetxattr(to, name, value.data(), static_cast<std::size_t>(length), 0);
  }
}

bool CopyOwnership(const std::string& original, const NewFile& new_file, int to) {
  const Descriptor from(open(original.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (from.get() < 0 && errno != ENOENT) return false;
  if (from.get() < 0 && !new_file.like.empty()) {
    return CopyOwnership(new_file.like, {"", new_file.mode}, to);
  }
  if (from.get() < 0) return fchmod(to, new_file.mode) == 0;
  if (fstat(from.get(), &status) != 0) return false;
  struct stat own {};
  if (fstat(to, &own) != 0) return false;
  const bool differs = own.st_uid != status.st_uid || own.st_gid != status.st_gid;
  if (differs && fchown(to, status.st_uid, status.st_gid) != 0) return false;
  if (fchmod(to, status.st_mode & kPermissionBits) != 0) return false;
  CopyAttributes(from.get(), to);
  return true;
}

bool WriteTemporary(FileSystem& files, const std::string& path, const std::string& temporary,
                    std::string_view bytes, const NewFile& new_file) {
  const Descriptor file(files.Open(temporary, kNewFileFlags, 0600));
  if (file.get() < 0) return false;
  return WriteAll(files, file.get(), bytes) && CopyOwnership(path, new_file, file.get()) &&
         files.Fsync(file.get()) == 0;
}

}  // namespace

int FileSystem::Open(const std::string& path, int flags, mode_t mode) {
  return open(path.c_str(), flags, mode);
}
ssize_t FileSystem::Write(int file, const char* bytes, std::size_t length) {
  return write(file, bytes, length);
}
int FileSystem::Fsync(int file) { return fsync(file); }
int FileSystem::Rename(const std::string& from, const std::string& to) {
  return rename(from.c_str(), to.c_str());
}
int FileSystem::Link(const std::string& from, const std::string& to) {
  return link(from.c_str(), to.c_str());
}
int FileSystem::Symlink(const std::string& target, const std::string& path) {
  return symlink(target.c_str(), path.c_str());
}
int FileSystem::Unlink(const std::string& path) { return unlink(path.c_str()); }
int FileSystem::Mkdir(const std::string& path, mode_t mode) {
  const int made = mkdir(path.c_str(), mode);
  return made == 0 ? chmod(path.c_str(), mode) : made;  // whatever the umask took away
}
int FileSystem::Rmdir(const std::string& path) { return rmdir(path.c_str()); }

Failure FileFailure(const std::string& what, const std::string& path) {
  return {ExitStatus::kFailed, "file-error", what + " " + path + ": " + std::strerror(errno)};
}

// A rename onto a link would replace the link and not what it leads to.
std::string FollowLinks(const std::string& path) {
  const std::unique_ptr<char, decltype(&free)> target(realpath(path.c_str(), nullptr), &free);
  return target ? target.get() : path;
}

std::string LinkTarget(const std::string& name) {
  std::array<char, PATH_MAX> target{};
  const ssize_t length = readlink(name.c_str(), target.data(), target.size());
  return length > 0 ? std::string(target.data(), static_cast<std::size_t>(length)) : "";
}

std::string TemporaryNameBeside(const std::string& name) {
  const std::size_t slash = name.rfind('/');
  // No Include pattern finds a name with a leading dot.
  return name.substr(0, slash + 1) + "." + name.substr(slash + 1) + ".eic-new";
}

std::string TemporaryName(const std::string& path) {
  return TemporaryNameBeside(FollowLinks(path));
}

Outcome<std::optional<std::string>> ReadWhole(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (file.get() < 0 && (errno == ENOENT || errno == ENOTDIR)) return std::optional<std::string>();
  if (file.get() < 0) return FileFailure("cannot read", path);
  std::string bytes;
  std::array<char, 16384> piece{};
  for (;;) {
    const ssize_t length = read(file.get(), piece.data(), piece.size());
    if (length < 0 && errno == EINTR) continue;
    if (length < 0 && errno != EISDIR) return FileFailure("cannot read", path);
    if (length <= 0) return std::optional<std::string>(std::move(bytes));
    bytes.append(piece.data(), static_cast<std::size_t>(length));
    if (bytes.size() > kFileBytesMax) {
      errno = EFBIG;
      return FileFailure("cannot read", path);
    }
  }
}

Outcome<Nothing> WriteBeside(FileSystem& files, const std::string& path, std::string_view bytes,
                             const NewFile& new_file) {
  const std::string temporary = TemporaryName(path);
  // Left behind by a run that was killed; only one run at a time gets here.
  (void)unlink(temporary.c_str());
  if (WriteTemporary(files, FollowLinks(path), temporary, bytes, new_file)) return Nothing{};
  const Failure failure = FileFailure("cannot write", path);
  (void)unlink(temporary.c_str());
  return failure;
}

Outcome<Nothing> PutBesideInPlace(FileSystem& files, const std::string& path) {
  const std::string temporary = TemporaryName(path);
  if (files.Rename(temporary, FollowLinks(path)) == 0) return SyncFolder(files, FollowLinks(path));
  const Failure failure = FileFailure("cannot put in place", path);
  (void)unlink(temporary.c_str());
  return failure;
}

Outcome<Nothing> WriteInPlaceOfLinkBeside(FileSystem& files, const std::string& name,
                                          std::string_view bytes) {
  const std::string temporary = TemporaryNameBeside(name);
  (void)unlink(temporary.c_str());
  struct stat status {};
  NewFile new_file;
  if (stat(name.c_str(), &status) == 0) new_file.mode = status.st_mode & kPermissionBits;
  // Like no file, so that it gets the owner and the label of a new file in its folder.
  if (WriteTemporary(files, "", temporary, bytes, new_file)) return Nothing{};
  const Failure failure = FileFailure("cannot write", name);
  (void)unlink(temporary.c_str());
  return failure;
}

Outcome<Nothing> WriteLinkBeside(FileSystem& files, const std::string& name,
                                 const std::string& target) {
  const std::string temporary = TemporaryNameBeside(name);
  (void)unlink(temporary.c_str());
  if (files.Symlink(target, temporary) == 0) return Nothing{};
  return FileFailure("cannot link", name);
}

Outcome<Nothing> PutBesideInPlaceOfName(FileSystem& files, const std::string& name) {
  const std::string temporary = TemporaryNameBeside(name);
  if (files.Rename(temporary, name) == 0) return SyncFolder(files, name);
  const Failure failure = FileFailure("cannot put in place", name);
  (void)unlink(temporary.c_str());
  return failure;
}

Outcome<Nothing> WriteWhole(FileSystem& files, const std::string& path, std::string_view bytes,
                            const NewFile& new_file) {
  Outcome<Nothing> written = WriteBeside(files, path, bytes, new_file);
  if (!written) return written;
  return PutBesideInPlace(files, path);
}

Outcome<Nothing> WriteThrowAway(FileSystem& files, const std::string& path,
                                std::string_view bytes) {
  const Descriptor file(files.Open(path, kNewFileFlags, 0600));
  if (file.get() >= 0 && WriteAll(files, file.get(), bytes)) return Nothing{};
  return FileFailure("cannot write", path);
}

Outcome<Nothing> SyncFolder(FileSystem& files, const std::string& path) {
  const Descriptor folder(files.Open(FolderOf(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0));
  if (folder.get() >= 0 && files.Fsync(folder.get()) == 0) return Nothing{};
  return FileFailure("cannot sync the folder of", path);
}

Outcome<Nothing> RemoveFile(FileSystem& files, const std::string& path) {
  if (files.Unlink(path) == 0) return SyncFolder(files, path);
  if (errno == ENOENT) return Nothing{};
  return FileFailure("cannot remove", path);
}

Outcome<Nothing> MakeFolders(FileSystem& files, const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) return Nothing{};
  const std::string above = FolderOf(path);
  if (above != path) {
    Outcome<Nothing> made = MakeFolders(files, above);
    if (!made) return made;
  }
  if (files.Mkdir(path, kNewFolderMode) != 0 && errno != EEXIST) {
    return FileFailure("cannot make the folder", path);
  }
  return Nothing{};
}

}  // namespace eic::admin
