#include "emulator/connection.h"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace eic::emulator {
namespace {

using NameOf = int (*)(int, sockaddr*, socklen_t*);

// What getsockname(2) or getpeername(2) says; port -1 when it says nothing.
Address AddressOf(int socket, NameOf name_of) {
  Address address{"", -1};
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  auto* generic = reinterpret_cast<sockaddr*>(&storage);
  char host[NI_MAXHOST];
  char port[NI_MAXSERV];
  if (name_of(socket, generic, &size) != 0) return address;
  if (::getnameinfo(generic, size, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
    return address;
  }
  address.host = host;
  address.port = std::atoi(port);
  return address;
}

bool Same(const Address& a, const Address& b) { return a.port == b.port && a.host == b.host; }

}  // namespace

int FindConnection(int local_port, const Address& remote) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", error)) {
    const int socket = std::atoi(entry.path().filename().c_str());
    if (Same(AddressOf(socket, ::getpeername), remote) &&
        AddressOf(socket, ::getsockname).port == local_port) {
      return socket;
    }
  }
  return -1;
}

void SetHopLimit(int socket, int hops) {
  ::setsockopt(socket, IPPROTO_IP, IP_TTL, &hops, sizeof hops);
  ::setsockopt(socket, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &hops, sizeof hops);
}

}  // namespace eic::emulator
