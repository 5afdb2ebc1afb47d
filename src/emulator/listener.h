// One listening socket and its threads: the emulator's one use of cpp-httplib's server.
#pragma once

#include <memory>

#include "emulator/address.h"
#include "emulator/http.h"

namespace eic::emulator {

class Listener {
 public:
  // Listens on `address` at once and answers when Start is called. Throws EmulatorError when the
  // address cannot be had. `handler` is called from several threads.
  Listener(const Address& address, const HttpHandler& handler);
  ~Listener();  // stops
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  void Start();
  // Ends every connection and waits for its threads; at most some seconds.
  void Stop();

  // With the port that was given when 0 was asked for.
  const Address& address() const { return address_; }

 private:
  struct Server;

  Address address_;
  std::unique_ptr<Server> server_;
};

}  // namespace eic::emulator
