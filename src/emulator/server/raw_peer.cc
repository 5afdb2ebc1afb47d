#include "emulator/server/raw_peer.h"

#include <sys/socket.h>

#include <cerrno>

namespace eic::emulator {

long RawPeer::Send(std::string_view bytes) {
  const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent >= 0) return sent;
  return errno == EAGAIN || errno == EINTR ? 0 : -1;
}

}  // namespace eic::emulator
