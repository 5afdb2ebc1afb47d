#include "emulator/server/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <charconv>

#include "emulator/emulator_error.h"

namespace eic::emulator {
namespace {

constexpr int kPortMax = 65535;

bool IsIpv4(const std::string& host, in_addr* out) {
  return ::inet_pton(AF_INET, host.c_str(), out) == 1;
}

bool IsIpv6(const std::string& host, in6_addr* out) {
  return ::inet_pton(AF_INET6, host.c_str(), out) == 1;
}

[[noreturn]] void Refuse(std::string_view text) {
  throw EmulatorError("not an address: " + std::string(text) +
                      " (127.0.0.1:1338 and [::1]:1338 are)");
}

int ParsePort(std::string_view digits, std::string_view text) {
  int port = -1;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc() || end != digits.data() + digits.size()) Refuse(text);
  if (port < 0 || port > kPortMax) Refuse(text);
  return port;
}

}  // namespace

Address ParseAddress(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) Refuse(text);
  Address address;
  address.port = ParsePort(text.substr(colon + 1), text);
  const std::string_view host = text.substr(0, colon);
  in_addr v4{};
  in6_addr v6{};
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    address.host = host.substr(1, host.size() - 2);
    if (!IsIpv6(address.host, &v6)) Refuse(text);
    return address;
  }
  address.host = host;
  if (!IsIpv4(address.host, &v4)) Refuse(text);
  return address;
}

bool IsLoopback(const Address& address) {
  in_addr v4{};
  if (IsIpv4(address.host, &v4)) return (ntohl(v4.s_addr) >> 24U) == 127;
  in6_addr v6{};
  return IsIpv6(address.host, &v6) && IN6_IS_ADDR_LOOPBACK(&v6);
}

std::string Url(const Address& address) {
  const bool v6 = address.host.find(':') != std::string::npos;
  return "http://" + (v6 ? "[" + address.host + "]" : address.host) + ":" +
         std::to_string(address.port);
}

}  // namespace eic::emulator
