// The door to files. Everything that changes one goes through FileSystem, call by call, so that a
// test can let any of the calls fail or be the last.
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
  virtual int Unlink(const std::string& path);
  virtual int Mkdir(const std::string& path, mode_t mode);
  virtual int Rmdir(const std::string& path);
};

// The bytes of a file; nullopt where there is none. /dev/null, with which systemd masks files, is
// an empty one, and so is a folder, of which sshd reads nothing.
Outcome<std::optional<std::string>> ReadWhole(const std::string& path);

// Whose a file is that is not there yet, and who may read it: as with the file `like`; root's, with
// this mode, where that is not there either.
struct NewFile {
  std::string like;
  mode_t mode = 0644;
};

// Puts `bytes` in the place of the file, in one step that a loss of power does not divide:
// temporary file next to it, fsync, rename, fsync of the folder. Keeps owner, mode and extended
// attributes of the file that was there. A symbolic link is followed.
Outcome<Nothing> WriteWhole(FileSystem& files, const std::string& path, std::string_view bytes,
                            const NewFile& new_file = {});

// The two halves of it: the new contents under TemporaryName(), and the rename.
Outcome<Nothing> WriteBeside(FileSystem& files, const std::string& path, std::string_view bytes,
                             const NewFile& new_file = {});
Outcome<Nothing> PutBesideInPlace(FileSystem& files, const std::string& path);

// A file that need not outlive this run: not synced, 0600, and there must be none yet.
Outcome<Nothing> WriteThrowAway(FileSystem& files, const std::string& path, std::string_view bytes);

// Makes what was done to the names in the folder of `path` last.
Outcome<Nothing> SyncFolder(FileSystem& files, const std::string& path);

// No error where there is none.
Outcome<Nothing> RemoveFile(FileSystem& files, const std::string& path);

// With the folders above it; 0755 and root's.
Outcome<Nothing> MakeFolders(FileSystem& files, const std::string& path);

// Where symbolic links lead; the path itself where nothing is there.
std::string FollowLinks(const std::string& path);

// What WriteWhole may leave behind when it is killed.
std::string TemporaryName(const std::string& path);

Failure FileFailure(const std::string& what, const std::string& path);  // errno tells why

}  // namespace eic::admin
