#include "console/front/not_connected.h"

#include <cerrno>
#include <cstring>

#include "console/front/own_address.h"

namespace eic::console {

Trouble NotConnected(const aws::Failure& failure, const std::string& address, std::uint16_t port,
                     const std::string& step) {
  Trouble trouble = TroubleOf(failure, step);
  const auto says = [&](const char* words) {
    return failure.message.find(words) != std::string::npos;
  };
  const auto allow_port = [&] {
    return "allow TCP port " + std::to_string(port) + " from " + OwnAddressFor(address) + ".";
  };
  if (says("no answer") || says(std::strerror(ETIMEDOUT))) {
    trouble.slug = "connect-timeout";
    trouble.next = "Nothing answered. Usually a security group blocks the port: " + allow_port();
  } else if (says(std::strerror(ECONNREFUSED))) {
    trouble.slug = "port-closed";
    trouble.next =
        "The machine refused the connection. Start sshd there. If a firewall refused it, " +
        allow_port();
  } else {
    trouble.slug = "no-route";
    trouble.next =
        "This machine has no route to the address. Connect to its network first, or choose "
        "another address.";
  }
  return trouble;
}

}  // namespace eic::console
