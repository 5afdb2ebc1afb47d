#include "emulator/connection.h"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <charconv>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace eic::emulator {
namespace {

using NameOf = int (*)(int, sockaddr*, socklen_t*);

// A decimal number; -1 where `text` does not begin with one.
int NumberOf(std::string_view text) {
  int number = -1;
  (void)std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

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
  address.port = NumberOf(port);
  return address;
}

bool Same(const Address& a, const Address& b) { return a.port == b.port && a.host == b.host; }

}  // namespace

int FindConnection(int local_port, const Address& remote) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", error)) {
    const int socket = NumberOf(entry.path().filename().string());
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
