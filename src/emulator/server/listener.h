// One listening socket and its threads: the emulator's one use of cpp-httplib's server.
#pragma once

#include <functional>
#include <memory>

#include "emulator/http.h"
#include "emulator/server/address.h"

namespace eic::emulator {

// What is answered to a request that no handler sees, because it is malformed or too large;
// `request` is as much of it as could be read.
using HttpRefusal = std::function<HttpAnswer(const HttpRequest& request, int status)>;

class Listener {
 public:
  // Listens on `address` at once and answers when Start is called. Throws EmulatorError when the
  // address cannot be had. `handler` and `refusal` are called from several threads.
  Listener(const Address& address, const HttpHandler& handler, const HttpRefusal& refusal);
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
