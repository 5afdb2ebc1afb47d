#include "tests/fakes/silent_listener.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace eic::fakes {
namespace {

constexpr int kConnectionsTried = 8;
constexpr int kAnswerMs = 100;  // ample on a loopback interface

sockaddr_in Loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

// A socket bound to an ephemeral port, and that port.
int Bound(std::uint16_t* port) {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = Loopback(0);
  socklen_t length = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(descriptor, generic, length) == 0) getsockname(descriptor, generic, &length);
  *port = ntohs(address.sin_port);
  return descriptor;
}

std::string UrlOf(std::uint16_t port) { return "http://127.0.0.1:" + std::to_string(port); }

}  // namespace

SilentListener::SilentListener() {
  descriptors_.push_back(Bound(&port_));
  if (listen(descriptors_.front(), 0) != 0) return;
  for (int i = 0; i < kConnectionsTried && !is_silent_; ++i) {
    const int descriptor = Connect();
    descriptors_.push_back(descriptor);
    pollfd connected{descriptor, POLLOUT, 0};
    is_silent_ = poll(&connected, 1, kAnswerMs) == 0;
  }
}

SilentListener::~SilentListener() {
  for (const int descriptor : descriptors_) close(descriptor);
}

int SilentListener::Connect() const {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const sockaddr_in address = Loopback(port_);
  (void)connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  return descriptor;
}

std::string SilentListener::url() const { return UrlOf(port_); }

std::string RefusingUrl() {
  std::uint16_t port = 0;
  const int descriptor = Bound(&port);
  close(descriptor);
  return UrlOf(port);
}

}  // namespace eic::fakes
