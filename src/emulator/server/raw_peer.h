// The other end of a connection, for what writes past cpp-httplib: bytes go out as they are, or
// within TLS.
#pragma once

#include <string_view>

namespace eic::emulator {

class RawPeer {
 public:
  // Borrows the connected TCP socket.
  explicit RawPeer(int socket) : socket_(socket) {}
  RawPeer(const RawPeer&) = delete;
  RawPeer& operator=(const RawPeer&) = delete;
  virtual ~RawPeer() = default;

  int socket() const { return socket_; }

  // Sends what it can of `bytes` without waiting. The number that went out, 0 when the socket takes
  // none at present; negative when the peer has gone.
  virtual long Send(std::string_view bytes);

 private:
  const int socket_;
};

}  // namespace eic::emulator
