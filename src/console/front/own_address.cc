#include "console/front/own_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <cstring>

#include "aws/system/descriptor.h"

namespace eic::console {
namespace {

// Connecting UDP sends nothing; it chooses the way.
std::string LocalAddress(const std::string& address) {
  sockaddr_storage remote{};
  socklen_t length = 0;
  auto* v4 = reinterpret_cast<sockaddr_in*>(&remote);
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&remote);
  if (inet_pton(AF_INET, address.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(22);
    length = sizeof(*v4);
  } else if (inet_pton(AF_INET6, address.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(22);
    length = sizeof(*v6);
  } else {
    return {};
  }
  const Descriptor socket(::socket(remote.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket) return {};
  if (connect(socket.get(), reinterpret_cast<sockaddr*>(&remote), length) != 0) return {};
  sockaddr_storage local{};
  socklen_t local_length = sizeof(local);
  if (getsockname(socket.get(), reinterpret_cast<sockaddr*>(&local), &local_length) != 0) return {};
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* bytes = local.ss_family == AF_INET
                          ? static_cast<void*>(&reinterpret_cast<sockaddr_in*>(&local)->sin_addr)
                          : &reinterpret_cast<sockaddr_in6*>(&local)->sin6_addr;
  if (inet_ntop(local.ss_family, bytes, text.data(), text.size()) == nullptr) return {};
  return text.data();
}

}  // namespace

bool IsPrivateAddress(const std::string& address) {
  in_addr v4{};
  if (inet_pton(AF_INET, address.c_str(), &v4) == 1) {
    const std::uint32_t bits = ntohl(v4.s_addr);
    return bits >> 24U == 10 || bits >> 20U == 0xac1 || bits >> 16U == 0xc0a8 ||
           bits >> 22U == 0x191 || bits >> 16U == 0xa9fe || bits >> 24U == 127;
  }
  in6_addr v6{};
  if (inet_pton(AF_INET6, address.c_str(), &v6) != 1) return false;
  const bool is_loopback = IN6_IS_ADDR_LOOPBACK(&v6);
  return is_loopback || (v6.s6_addr[0] & 0xfeU) == 0xfc ||
         (v6.s6_addr[0] == 0xfe && (v6.s6_addr[1] & 0xc0U) == 0x80);
}

std::string OwnAddressFor(const std::string& address) {
  std::string own = LocalAddress(address);
  if (own.empty()) return "this machine's address (unknown: it has no route to the instance)";
  if (!IsPrivateAddress(own) || IsPrivateAddress(address)) return own;
  return "your network's public address, which https://checkip.amazonaws.com shows (this machine's "
         "own address is " +
         own + ", which is private)";
}

}  // namespace eic::console
