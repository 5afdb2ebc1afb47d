#include "client/proxy/connect.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "client/proxy/limits.h"

namespace eic::client {
namespace {

using Clock = std::chrono::steady_clock;

struct FreeAddresses {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};
using AddressPtr = std::unique_ptr<addrinfo, FreeAddresses>;

// Numbers only: nobody is asked for a name.
AddressPtr Numeric(const std::string& address, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) return {};
  return AddressPtr(found);
}

int ErrorOf(int socket) {
  int error_number = 0;
  socklen_t size = sizeof(error_number);
  if (getsockopt(socket, SOL_SOCKET, SO_ERROR, &error_number, &size) != 0) return errno;
  return error_number;
}

int MillisecondsTo(Clock::time_point due) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(due - Clock::now());
  return static_cast<int>(std::max<std::chrono::milliseconds::rep>(left.count() + 1, 0));
}

bool HasNoRoute(int error_number) {
  return error_number == ENETUNREACH || error_number == EHOSTUNREACH;
}

}  // namespace

std::vector<std::string> ResolveHost(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return {};
  const AddressPtr list(found);
  std::vector<std::string> addresses;
  for (const addrinfo* one = list.get(); one != nullptr; one = one->ai_next) {
    std::array<char, NI_MAXHOST> text{};
    if (getnameinfo(one->ai_addr, one->ai_addrlen, text.data(), text.size(), nullptr, 0,
                    NI_NUMERICHOST) == 0) {
      addresses.emplace_back(text.data());
    }
  }
  return addresses;
}

void Connector::Begin(const std::string& address) {
  const bool is_begun =
      std::any_of(attempts_.begin(), attempts_.end(),
                  [&](const Attempt& attempt) { return attempt.address == address; });
  if (is_begun || attempts_.size() >= kAddressesMax) return;
  Attempt& attempt = attempts_.emplace_back();
  attempt.address = address;
  const AddressPtr numeric = Numeric(address, port_);
  if (!numeric) {
    attempt.error_number = EADDRNOTAVAIL;
    return;
  }
  attempt.socket =
      Descriptor(socket(numeric->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!attempt.socket) {
    attempt.error_number = errno;
    return;
  }
  if (connect(attempt.socket.get(), numeric->ai_addr, numeric->ai_addrlen) == 0) {
    attempt.is_connected = true;
  } else if (errno != EINPROGRESS) {
    attempt.error_number = errno;
    attempt.socket.Close();
  }
}

void Connector::AddTo(std::vector<pollfd>& waits) const {
  for (const Attempt& attempt : attempts_) {
    if (attempt.socket && !attempt.is_connected) {
      waits.push_back({attempt.socket.get(), POLLOUT, 0});
    }
  }
}

void Connector::Look() {
  for (Attempt& attempt : attempts_) {
    if (!attempt.socket || attempt.is_connected) continue;
    pollfd ready{attempt.socket.get(), POLLOUT, 0};
    if (poll(&ready, 1, 0) <= 0) continue;
    attempt.error_number = ErrorOf(attempt.socket.get());
    attempt.is_connected = attempt.error_number == 0;
    if (!attempt.is_connected) attempt.socket.Close();
  }
}

bool Connector::HasConnected() {
  Look();
  return std::any_of(attempts_.begin(), attempts_.end(),
                     [](const Attempt& attempt) { return attempt.is_connected; });
}

bool Connector::HasPending() const {
  return std::any_of(attempts_.begin(), attempts_.end(), [](const Attempt& attempt) {
    return attempt.socket && !attempt.is_connected;
  });
}

std::optional<Connected> Connector::TakeConnected() {
  Look();
  for (Attempt& attempt : attempts_) {
    if (!attempt.is_connected) continue;
    const int flags = fcntl(attempt.socket.get(), F_GETFL);
    (void)fcntl(attempt.socket.get(), F_SETFL, flags & ~O_NONBLOCK);
    return Connected{attempt.address, std::move(attempt.socket)};
  }
  return std::nullopt;
}

// False once `ends` has come.
bool Connector::WaitForNext(bool has_more, TimePoint last_begun, TimePoint ends) const {
  TimePoint due = ends;
  if (has_more) due = std::min(due, last_begun + kNextAddressAfter);
  std::vector<pollfd> waits;
  AddTo(waits);
  (void)poll(waits.data(), waits.size(), MillisecondsTo(due));
  return Clock::now() < ends;
}

aws::Outcome<Connected> Connector::Finish(const std::vector<std::string>& addresses,
                                          TimePoint ends) {
  attempts_.erase(std::remove_if(attempts_.begin(), attempts_.end(),
                                 [&](const Attempt& attempt) {
                                   return std::find(addresses.begin(), addresses.end(),
                                                    attempt.address) == addresses.end();
                                 }),
                  attempts_.end());
  std::size_t next = 0;
  TimePoint last_begun = Clock::now() - kNextAddressAfter;
  while (true) {
    if (std::optional<Connected> connected = TakeConnected()) return std::move(*connected);
    const bool has_more = next < addresses.size();
    if (has_more && (!HasPending() || Clock::now() >= last_begun + kNextAddressAfter)) {
      Begin(addresses[next++]);
      last_begun = Clock::now();
      continue;
    }
    if (!HasPending()) return FailureOf(false);
    if (!WaitForNext(has_more, last_begun, ends)) return FailureOf(true);
  }
}

aws::Failure Connector::FailureOf(bool is_late) const {
  std::string message = "cannot connect to port " + std::to_string(port_) + " of the instance";
  for (const Attempt& attempt : attempts_) {
    const bool is_silent = attempt.error_number == 0;
    message += "; " + attempt.address + ": " +
               (is_silent ? "no answer" : std::strerror(attempt.error_number));
  }
  if (attempts_.empty()) message += ": it has no address";
  const bool has_no_route =
      std::any_of(attempts_.begin(), attempts_.end(),
                  [](const Attempt& attempt) { return HasNoRoute(attempt.error_number); });
  const char* advice = "Check that sshd runs there and listens on this port.";
  if (is_late) {
    advice =
        "Check the security group and the route to this address; --address chooses another one.";
  } else if (has_no_route) {
    advice =
        "This machine has no route to it. Connect to its network first, or choose another address "
        "with "
        "--address.";
  }
  return aws::Failure{"ConnectionFailed", message, advice};
}

}  // namespace eic::client
