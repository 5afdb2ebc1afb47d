#include "admin/doctor/tried/own_network.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
// After netinet/in.h, which has the same types.
#include <linux/ipv6.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

#include "admin/limits.h"
#include "admin/process/child.h"

namespace eic::admin {
namespace {

constexpr const char* kLoopback = "lo";
constexpr std::uint32_t kWholeAddress = 128;  // bits of IPv6
constexpr std::size_t kDescriptorsPassed = 2;

// An address with a port, of either family.
struct Endpoint {
  sockaddr_storage bytes{};
  socklen_t length = 0;

  int Family() const { return bytes.ss_family; }
  const sockaddr* Get() const { return reinterpret_cast<const sockaddr*>(&bytes); }
  sockaddr* Get() { return reinterpret_cast<sockaddr*>(&bytes); }
};

Endpoint EndpointOf(const std::string& address, int port) {
  Endpoint endpoint;
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  if (inet_pton(AF_INET, address.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(static_cast<std::uint16_t>(port));
    endpoint.length = sizeof v4;
    std::memcpy(&endpoint.bytes, &v4, sizeof v4);
  } else if (inet_pton(AF_INET6, address.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(static_cast<std::uint16_t>(port));
    endpoint.length = sizeof v6;
    std::memcpy(&endpoint.bytes, &v6, sizeof v6);
  }
  return endpoint;
}

std::string TextOf(const Endpoint& endpoint) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* const address =
      endpoint.Family() == AF_INET
          ? static_cast<const void*>(
                &reinterpret_cast<const sockaddr_in*>(&endpoint.bytes)->sin_addr)
          : &reinterpret_cast<const sockaddr_in6*>(&endpoint.bytes)->sin6_addr;
  return inet_ntop(endpoint.Family(), address, text.data(), text.size()) == nullptr ? ""
                                                                                    : text.data();
}

// The address that this host has towards `from`; nothing is sent. One of documentation where it
// has none.
std::string ServerFor(const Endpoint& from) {
  const Descriptor socket_to(socket(from.Family(), SOCK_DGRAM | SOCK_CLOEXEC, 0));
  Endpoint own;
  own.length = sizeof own.bytes;
  if (socket_to.IsOpen() && connect(socket_to.Get(), from.Get(), from.length) == 0 &&
      getsockname(socket_to.Get(), own.Get(), &own.length) == 0) {
    return TextOf(own);
  }
  return from.Family() == AF_INET ? "192.0.2.2" : "2001:db8::2";
}

// What failed, in the child; empty: nothing.
using Fault = std::string;

Fault FaultOf(const std::string& what) { return what + ": " + std::strerror(errno); }

Fault RaiseLoopback(const Descriptor& control) {
  ifreq request{};
  std::strncpy(request.ifr_name, kLoopback, sizeof request.ifr_name - 1);
  if (ioctl(control.Get(), SIOCGIFFLAGS, &request) != 0) return FaultOf("its lo");
  request.ifr_flags = static_cast<short>(request.ifr_flags | IFF_UP);
  return ioctl(control.Get(), SIOCSIFFLAGS, &request) == 0 ? "" : FaultOf("its lo");
}

// The kernel gives an address of IPv6 at once, and lets nobody use it before its own work on it.
Fault AwaitAddress(const Endpoint& endpoint) {
  constexpr int kTriesMax = 200, kPauseMs = 10;
  const Descriptor probe(socket(endpoint.Family(), SOCK_DGRAM | SOCK_CLOEXEC, 0));
  for (int tries = 1; bind(probe.Get(), endpoint.Get(), endpoint.length) != 0; ++tries) {
    if (errno != EADDRNOTAVAIL || tries == kTriesMax) {
      return FaultOf("the address " + TextOf(endpoint));
    }
    poll(nullptr, 0, kPauseMs);
  }
  return "";
}

// `label` tells the addresses of IPv4 apart.
Fault GiveAddress(const Descriptor& control, const Endpoint& endpoint, int label) {
  int given = -1;
  if (endpoint.Family() == AF_INET6) {
    in6_ifreq request{};
    request.ifr6_addr = reinterpret_cast<const sockaddr_in6*>(&endpoint.bytes)->sin6_addr;
    request.ifr6_prefixlen = kWholeAddress;
    request.ifr6_ifindex = static_cast<int>(if_nametoindex(kLoopback));
    given = ioctl(control.Get(), SIOCSIFADDR, &request);
  } else {
    ifreq request{};
    const std::string name = std::string(kLoopback) + ":" + std::to_string(label);
    std::strncpy(request.ifr_name, name.c_str(), sizeof request.ifr_name - 1);
    std::memcpy(&request.ifr_addr, &endpoint.bytes, sizeof request.ifr_addr);
    given = ioctl(control.Get(), SIOCSIFADDR, &request);
  }
  // ::1 and 127.0.0.1 are there already.
  if (given != 0 && errno != EEXIST) return FaultOf("the address " + TextOf(endpoint));
  return AwaitAddress(endpoint);
}

Fault Pass(int to, const std::array<int, kDescriptorsPassed>& descriptors) {
  char byte = 0;
  iovec part{&byte, 1};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof descriptors)> control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  cmsghdr* const header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof descriptors);
  std::memcpy(CMSG_DATA(header), descriptors.data(), sizeof descriptors);
  return sendmsg(to, &message, 0) == 1 ? "" : FaultOf("handing it over");
}

bool Receive(int from, OwnNetwork* network) {
  char byte = 0;
  iovec part{&byte, 1};
  std::array<int, kDescriptorsPassed> descriptors{};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof descriptors)> control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  if (recvmsg(from, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) != 1) return false;
  const cmsghdr* const header = CMSG_FIRSTHDR(&message);
  if (header == nullptr || header->cmsg_len != CMSG_LEN(sizeof descriptors)) return false;
  std::memcpy(descriptors.data(), CMSG_DATA(header), sizeof descriptors);
  network->name_space = Descriptor(descriptors[0]);
  network->listener = Descriptor(descriptors[1]);
  return true;
}

// In the child, which is in the new network when it ends.
Fault MakeAndPass(const Endpoint& from, const Endpoint& server, int to) {
  if (unshare(CLONE_NEWNET) != 0) return FaultOf("a network namespace");
  const Descriptor control(socket(from.Family(), SOCK_DGRAM | SOCK_CLOEXEC, 0));
  Fault fault = RaiseLoopback(control);
  if (fault.empty()) fault = GiveAddress(control, server, 1);
  if (fault.empty() && TextOf(server) != TextOf(from)) fault = GiveAddress(control, from, 2);
  if (!fault.empty()) return fault;

  const Descriptor name_space(open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC));
  const Descriptor listener(socket(server.Family(), SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!name_space.IsOpen()) return FaultOf("/proc/self/ns/net");
  if (bind(listener.Get(), server.Get(), server.length) != 0 || listen(listener.Get(), 1) != 0) {
    return FaultOf("its socket");
  }
  return Pass(to, {name_space.Get(), listener.Get()});
}

Failure CannotMake(const std::string& why) {
  return {ExitStatus::kUnchecked, "no-network",
          "a network of its own for the login could not be made: " + why};
}

}  // namespace

Outcome<OwnNetwork> MakeOwnNetwork(const std::string& from, int port) {
  const Endpoint client = EndpointOf(from, 0);
  if (client.length == 0) return CannotMake(from + " is no address");
  OwnNetwork network;
  network.server = ServerFor(client);
  const Endpoint server = EndpointOf(network.server, port);

  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return CannotMake(std::strerror(errno));
  }
  const Descriptor ours(ends[0]);
  const Descriptor theirs(ends[1]);
  const ChildResult child = RunChild(
      [&](int, int errors) {
        const Fault fault = MakeAndPass(client, server, theirs.Get());
        (void)!write(errors, fault.data(), fault.size());
        _exit(fault.empty() ? 0 : 1);
      },
      kCheckTimeMax, Excess::kIsDropped);
  if (!child.errors.empty()) return CannotMake(child.errors);
  if (!Receive(ours.Get(), &network)) return CannotMake("its process did not hand it over");
  return network;
}

}  // namespace eic::admin
