// Unix sockets: who is at the other end, and names in the file system.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "aws/system/descriptor.h"

namespace eic::client {

// The process that connected, as the kernel saw it then (SO_PEERCRED, unix(7)).
struct Peer {
  pid_t pid = 0;
  uid_t uid = 0;
};

std::optional<Peer> PeerOf(int socket);

// Which file a socket's name is: another one that took the name over is another.
struct FileId {
  dev_t device = 0;
  ino_t inode = 0;
  bool operator==(const FileId& other) const {
    return device == other.device && inode == other.inode;
  }
};

std::optional<FileId> FileIdOf(const std::string& path);

// Listens at `path`, mode 0600, not blocking: bound under a name beside it, which is then renamed,
// so that whoever connects meets the old socket or the new one, never none. No descriptor, with
// errno, where that failed.
Descriptor ListenAt(const std::string& path);

// Connects to the socket at `path`; not blocking, neither now nor later. No descriptor, with errno,
// where nobody listens there.
Descriptor ConnectTo(const std::string& path);

// The next connection of a listener, not blocking; none, with errno.
Descriptor AcceptFrom(int listener);

}  // namespace eic::client
