// A RawPeer within TLS.
#pragma once

#include <openssl/ssl.h>

#include "emulator/server/raw_peer.h"

namespace eic::emulator {

class TlsPeer : public RawPeer {
 public:
  // Borrows both. While this lives, the socket does not block.
  TlsPeer(int socket, SSL* ssl);
  ~TlsPeer() override;

  long Send(std::string_view bytes) override;

 private:
  SSL* const ssl_;
  const int flags_;  // of the socket, to be set again
};

}  // namespace eic::emulator
