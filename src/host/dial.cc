#include "host/dial.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

#include "host/imds.h"

namespace eic {
namespace {

struct Address {
  sockaddr_storage bytes{};
  socklen_t size = 0;  // 0: not an address
};

// The literal address of `http://ADDRESS[:PORT]`; an IPv6 address is in brackets.
Address AddressOf(std::string_view endpoint) {
  constexpr std::string_view kScheme = "http://";
  Address address;
  if (endpoint.substr(0, kScheme.size()) != kScheme) return address;
  std::string host(endpoint.substr(kScheme.size()));
  const bool is_v6 = !host.empty() && host[0] == '[';
  if (is_v6 && host.find(']') == std::string::npos) return address;
  host = is_v6 ? host.substr(1, host.find(']') - 1) : host.substr(0, host.find_first_of(":/"));
  if (is_v6) {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(PortOf(endpoint));
    if (inet_pton(AF_INET6, host.c_str(), &v6.sin6_addr) != 1) return address;
    std::memcpy(&address.bytes, &v6, sizeof(v6));
    address.size = sizeof(v6);
    return address;
  }
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(PortOf(endpoint));
  if (inet_pton(AF_INET, host.c_str(), &v4.sin_addr) != 1) return address;
  std::memcpy(&address.bytes, &v4, sizeof(v4));
  address.size = sizeof(v4);
  return address;
}

std::shared_ptr<PendingConnection> Pending(int descriptor, int error_number) {
  return std::make_shared<PendingConnection>(descriptor, error_number);
}

}  // namespace

PendingConnection::~PendingConnection() {
  if (descriptor_ >= 0) close(descriptor_);
}

int PendingConnection::Wait(std::chrono::milliseconds time_max) const {
  using std::chrono::milliseconds;
  if (descriptor_ < 0) return error_number_;
  while (true) {
    const auto waited =
        std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - start_);
    const milliseconds left = std::max(time_max - waited, milliseconds(0));
    pollfd writable{descriptor_, POLLOUT, 0};
    const int ready = poll(&writable, 1, static_cast<int>(left.count()));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return ETIMEDOUT;
    int error_number = 0;
    socklen_t size = sizeof(error_number);
    if (getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &error_number, &size) != 0) return errno;
    return error_number;
  }
}

int PendingConnection::Release(const Confined&) {
  const int descriptor = descriptor_;
  descriptor_ = -1;
  return descriptor;
}

std::shared_ptr<PendingConnection> Dial(std::string_view endpoint) {
  const Address address = AddressOf(endpoint);
  if (address.size == 0) return Pending(-1, EINVAL);
  const int family = address.bytes.ss_family;
  const int descriptor = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor < 0) return Pending(-1, errno);
  const int one = 1;
  (void)setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
  const auto* to = reinterpret_cast<const sockaddr*>(&address.bytes);
  if (connect(descriptor, to, address.size) == 0 || errno == EINPROGRESS)
    return Pending(descriptor, 0);
  const int error_number = errno;
  close(descriptor);
  return Pending(-1, error_number);
}

}  // namespace eic
