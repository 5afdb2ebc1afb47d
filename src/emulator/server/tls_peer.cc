#include "emulator/server/tls_peer.h"

#include <fcntl.h>
#include <openssl/err.h>

#include <algorithm>

namespace eic::emulator {
namespace {

constexpr std::size_t kRecordBytesMax = 16384;  // RFC 8446 section 5.1

}  // namespace

TlsPeer::TlsPeer(int socket, SSL* ssl)
    : RawPeer(socket), ssl_(ssl), flags_(::fcntl(socket, F_GETFL)) {
  (void)::fcntl(socket, F_SETFL, flags_ | O_NONBLOCK);
  // After a write that did not go out, the caller comes back with the same bytes at another place.
  SSL_set_mode(ssl_, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
}

TlsPeer::~TlsPeer() { (void)::fcntl(socket(), F_SETFL, flags_); }

long TlsPeer::Send(std::string_view bytes) {
  ERR_clear_error();
  const int sent =
      SSL_write(ssl_, bytes.data(), static_cast<int>(std::min(bytes.size(), kRecordBytesMax)));
  if (sent > 0) return sent;
  return SSL_get_error(ssl_, sent) == SSL_ERROR_WANT_WRITE ? 0 : -1;
}

}  // namespace eic::emulator
