// One listening socket and its threads: the emulator's one use of cpp-httplib's server.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <functional>
#include <memory>

#include "emulator/http.h"
#include "emulator/server/address.h"

namespace eic::emulator {

// What is answered to a request that no handler sees, because it is malformed or too large;
// `request` is as much of it as could be read.
using HttpRefusal = std::function<HttpAnswer(const HttpRequest& request, int status)>;

struct ListenerOptions {
  // A connection takes several requests, one after the other. What is refused ends it all the same:
  // where its next request would begin is not known.
  bool keep_alive = false;
  // A server's certificate and its key, for TLS; borrowed until the listener is made. Null: plain.
  X509* certificate = nullptr;
  EVP_PKEY* key = nullptr;
};

// Whether this build can serve TLS: the cpp-httplib of some distributions has none.
bool HasTls();

class Listener {
 public:
  // Listens on `address` at once and answers when Start is called. Throws EmulatorError when the
  // address cannot be had, or TLS is wanted where this build has none. `handler` and `refusal` are
  // called from several threads.
  Listener(const Address& address, const HttpHandler& handler, const HttpRefusal& refusal,
           const ListenerOptions& options = {});
  ~Listener();  // stops
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  void Start();
  // Ends every connection, whatever it waits for, and its thread.
  void Stop();

  // With the port that was given when 0 was asked for.
  const Address& address() const { return address_; }

 private:
  struct Server;

  Address address_;
  std::unique_ptr<Server> server_;
};

}  // namespace eic::emulator
