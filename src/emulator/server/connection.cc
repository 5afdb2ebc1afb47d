#include "emulator/server/connection.h"

#include <linux/tcp.h>  // netinet/tcp.h lacks tcpi_bytes_received
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <charconv>
#include <string_view>
#include <utility>
#include <vector>

#include "emulator/limits.h"

namespace eic::emulator {
namespace {

// How long a flood may go on unseen.
constexpr std::chrono::milliseconds kSweepPause{100};

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

struct Connection {
  int socket;
  Address remote;
};

// Those of this process to its own `local_port`; `descriptors` is read from its beginning.
std::vector<Connection> ConnectionsTo(int local_port, const DescriptorsPtr& descriptors) {
  std::vector<Connection> connections;
  if (!descriptors) return connections;
  ::rewinddir(descriptors.get());
  // cppcheck-suppress readdirCalled ; the folder is the caller's alone
  while (const dirent* entry = ::readdir(descriptors.get())) {
    const int socket = NumberOf(entry->d_name);
    if (AddressOf(socket, ::getsockname).port != local_port) continue;
    Address remote = AddressOf(socket, ::getpeername);
    if (remote.port >= 0) connections.push_back({socket, std::move(remote)});
  }
  return connections;
}

// Whoever serves it finds the end of its input, and closes it: with an RST, since a peer that
// floods would wait for room in a window that nobody reads.
void End(int socket) {
  const linger at_once{1, 0};
  ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  ::shutdown(socket, SHUT_RDWR);
}

std::uint64_t BytesReceived(int socket) {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return 0;
  return info.tcpi_bytes_received;
}

DescriptorsPtr OpenDescriptors() { return {::opendir("/proc/self/fd"), &::closedir}; }

}  // namespace

int FindConnection(int local_port, const Address& remote) {
  for (const Connection& connection : ConnectionsTo(local_port, OpenDescriptors())) {
    if (connection.remote.port == remote.port && connection.remote.host == remote.host) {
      return connection.socket;
    }
  }
  return -1;
}

void SetHopLimit(int socket, int hops) {
  ::setsockopt(socket, IPPROTO_IP, IP_TTL, &hops, sizeof hops);
  ::setsockopt(socket, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &hops, sizeof hops);
}

ConnectionLimits::ConnectionLimits(int local_port)
    : local_port_(local_port), descriptors_(OpenDescriptors()), thread_([this] { Watch(); }) {}

ConnectionLimits::~ConnectionLimits() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void ConnectionLimits::EndAll() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    end_all_ = true;
  }
  changed_.notify_all();
}

void ConnectionLimits::Watch() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!stop_) {
    Sweep(std::chrono::steady_clock::now());
    changed_.wait_for(lock, kSweepPause);
  }
}

void ConnectionLimits::Sweep(Time now) {
  std::map<ino_t, Time> still_there;
  for (const Connection& connection : ConnectionsTo(local_port_, descriptors_)) {
    struct stat status {};
    if (::fstat(connection.socket, &status) != 0) continue;
    const Time since = seen_since_.emplace(status.st_ino, now).first->second;
    still_there.emplace(status.st_ino, since);
    if (end_all_ || now - since > std::chrono::seconds(kConnectionSecondsMax) ||
        BytesReceived(connection.socket) > kConnectionBytesMax) {
      End(connection.socket);
    }
  }
  seen_since_ = std::move(still_there);
}

}  // namespace eic::emulator
