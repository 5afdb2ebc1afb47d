// The door to files. Every change of a file goes through FileSystem, call by call, so that a test
// can make any call fail or be the last one.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "admin/failure.h"

namespace eic::admin {

// The system calls of the same names, with their return values and errno.
class FileSystem {
 public:
  virtual ~FileSystem() = default;

  virtual int Open(const std::string& path, int flags, mode_t mode);
  virtual ssize_t Write(int file, const char* bytes, std::size_t length);
  virtual int Fsync(int file);
  virtual int Rename(const std::string& from, const std::string& to);
  virtual int Link(const std::string& from, const std::string& to);
  virtual int Symlink(const std::string& target, const std::string& path);
  virtual int Unlink(const std::string& path);
  virtual int Mkdir(const std::string& path, mode_t mode);
  virtual int Rmdir(const std::string& path);
};

// The bytes of a file; nullopt if there is none. /dev/null, with which systemd masks files, counts
// as an empty file. So does a folder, because sshd reads nothing from it.
Outcome<std::optional<std::string>> ReadWhole(const std::string& path);

// Owner and mode of a new file: those of the file `like`, or root and this mode if `like` does not
// exist either.
struct NewFile {
  std::string like;
  mode_t mode = 0644;
};

// Replaces the file's contents with `bytes` in one step, which a loss of power does not divide:
// temporary file next to it, fsync, rename, fsync of the folder. Keeps owner, mode and extended
// attributes of the file that was there. A symbolic link is followed.
Outcome<Nothing> WriteWhole(FileSystem& files, const std::string& path, std::string_view bytes,
                            const NewFile& new_file = {});

// The two halves of it: the new contents under TemporaryName(), and the rename.
Outcome<Nothing> WriteBeside(FileSystem& files, const std::string& path, std::string_view bytes,
                             const NewFile& new_file = {});
Outcome<Nothing> PutBesideInPlace(FileSystem& files, const std::string& path);

// The same for a name that is a symbolic link, or is to be one: the name itself is replaced, and
// not what it leads to. A file that takes a link's place gets the mode of what the link leads to.
Outcome<Nothing> WriteInPlaceOfLinkBeside(FileSystem& files, const std::string& name,
                                          std::string_view bytes);
Outcome<Nothing> WriteLinkBeside(FileSystem& files, const std::string& name,
                                 const std::string& target);
Outcome<Nothing> PutBesideInPlaceOfName(FileSystem& files, const std::string& name);

// A file that need not outlive this run: not synced, 0600, and there must be none yet.
Outcome<Nothing> WriteThrowAway(FileSystem& files, const std::string& path, std::string_view bytes);

// Fsyncs the folder of `path`, so that changes of names in it last.
Outcome<Nothing> SyncFolder(FileSystem& files, const std::string& path);

// Not an error if there is no such file.
Outcome<Nothing> RemoveFile(FileSystem& files, const std::string& path);

// Also makes the folders above it; mode 0755, owner root.
Outcome<Nothing> MakeFolders(FileSystem& files, const std::string& path);

// The path to which symbolic links lead; the path itself if nothing is there.
std::string FollowLinks(const std::string& path);

// The target that a symbolic link contains; empty if the name is not a link.
std::string LinkTarget(const std::string& name);

// The files that WriteWhole, or the same for a name, may leave behind when it is killed.
std::string TemporaryName(const std::string& path);
std::string TemporaryNameBeside(const std::string& name);

Failure FileFailure(const std::string& what, const std::string& path);  // the reason is in errno

}  // namespace eic::admin
