#include "client/system/linux_socket.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace eic::client {
namespace {

constexpr int kBacklog = 128;

std::optional<sockaddr_un> AddressOf(const std::string& path) {
  sockaddr_un address{};
  if (path.empty() || path.size() >= sizeof(address.sun_path)) {
    errno = ENAMETOOLONG;
    return std::nullopt;
  }
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

Descriptor NewSocket() {
  return Descriptor(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

// One thread only: the umask is the process's.
bool BindPrivately(int descriptor, const sockaddr_un& address) {
  const mode_t before = umask(0177);
  const bool bound =
      bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  (void)umask(before);
  return bound;
}

}  // namespace

std::optional<Peer> PeerOf(int socket) {
  ucred credentials{};
  socklen_t size = sizeof(credentials);
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return std::nullopt;
  // A process of another PID namespace has no number here.
  if (credentials.pid <= 0) return std::nullopt;
  return Peer{credentials.pid, credentials.uid};
}

std::optional<FileId> FileIdOf(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return std::nullopt;
  return FileId{status.st_dev, status.st_ino};
}

Descriptor ListenAt(const std::string& path) {
  const std::string fresh = path + ".new";
  const std::optional<sockaddr_un> address = AddressOf(fresh);
  if (!address) return {};
  Descriptor listener = NewSocket();
  if (!listener) return {};
  if (unlink(fresh.c_str()) != 0 && errno != ENOENT) return {};
  if (!BindPrivately(listener.get(), *address)) return {};
  if (listen(listener.get(), kBacklog) != 0 || std::rename(fresh.c_str(), path.c_str()) != 0) {
    const int error_number = errno;
    (void)unlink(fresh.c_str());
    errno = error_number;
    return {};
  }
  return listener;
}

Descriptor ConnectTo(const std::string& path) {
  const std::optional<sockaddr_un> address = AddressOf(path);
  if (!address) return {};
  Descriptor descriptor = NewSocket();
  if (!descriptor) return {};
  if (connect(descriptor.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof(*address)) !=
      0) {
    return {};
  }
  return descriptor;
}

Descriptor AcceptFrom(int listener) {
  while (true) {
    Descriptor accepted(accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (accepted || errno != EINTR) return accepted;
  }
}

}  // namespace eic::client
