#include "console/link/channel.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "console/limits.h"

namespace eic::console {
namespace {

constexpr int kFlags = MSG_NOSIGNAL | MSG_DONTWAIT;
constexpr std::size_t kDescriptorsInPacketMax = 4;
constexpr std::size_t kControlBytes = CMSG_SPACE(sizeof(int) * kDescriptorsInPacketMax);

// The descriptors of a message, owned. False if the kernel had to cut them.
bool TakeDescriptors(msghdr& message, std::vector<Descriptor>* descriptors) {
  for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr;
       part = CMSG_NXTHDR(&message, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int number = -1;
      std::memcpy(&number, CMSG_DATA(part) + i * sizeof(int), sizeof(int));
      descriptors->emplace_back(number);
    }
  }
  return (message.msg_flags & MSG_CTRUNC) == 0;
}

using Clock = std::chrono::steady_clock;

// False once `ends` has passed.
bool WaitFor(int channel, short events, Clock::time_point ends) {
  while (true) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(ends - Clock::now()).count();
    if (left <= 0) return false;
    pollfd wait{channel, events, 0};
    const int ready = poll(&wait, 1, static_cast<int>(left) + 1);
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

}  // namespace

std::pair<Descriptor, Descriptor> MakeChannel() {
  std::array<int, 2> ends{-1, -1};
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) != 0) {
    return {};
  }
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

Sent SendPacket(int channel, std::string_view packet, const std::vector<int>& descriptors) {
  iovec part{const_cast<char*>(packet.data()), packet.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  alignas(cmsghdr) std::array<unsigned char, kControlBytes> control{};
  if (descriptors.size() > kDescriptorsInPacketMax) return Sent::kGone;
  if (!descriptors.empty()) {
    const std::size_t bytes = sizeof(int) * descriptors.size();
    message.msg_control = control.data();
    message.msg_controllen = CMSG_SPACE(bytes);
    cmsghdr* rights = CMSG_FIRSTHDR(&message);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(bytes);
    std::memcpy(CMSG_DATA(rights), descriptors.data(), bytes);
  }
  while (true) {
    // A worker may call only send(2): with sendmsg(2) it could pass descriptors.
    const ssize_t sent = descriptors.empty() ? send(channel, packet.data(), packet.size(), kFlags)
                                             : sendmsg(channel, &message, kFlags);
    if (sent >= 0) return Sent::kDone;
    if (errno == EINTR) continue;
    const bool is_full = errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS;
    return is_full ? Sent::kAgain : Sent::kGone;
  }
}

Received ReceivePacket(int channel, std::size_t descriptors_max) {
  Received received;
  // One more than is allowed shows what is too large. Not of the packet's own: most are small, and
  // making it would cost more than reading.
  std::array<char, kPacketBytesMax + 2> buffer;
  iovec part{buffer.data(), buffer.size()};
  alignas(cmsghdr) std::array<unsigned char, kControlBytes> control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  ssize_t count = -1;
  // If the other end closed with packets unread, the kernel reports that once, before that end's
  // last packets.
  do {
    count = recvmsg(channel, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
  } while (count < 0 && (errno == EINTR || errno == ECONNRESET));
  if (count < 0) {
    const bool is_empty = errno == EAGAIN || errno == EWOULDBLOCK;
    return {is_empty ? Received::State::kAgain : Received::State::kGone};
  }
  const bool is_whole = TakeDescriptors(message, &received.descriptors);
  const auto bytes = static_cast<std::size_t>(count);
  if (!is_whole || bytes == 0 || bytes > kPacketBytesMax + 1 ||
      (message.msg_flags & MSG_TRUNC) != 0 || received.descriptors.size() > descriptors_max) {
    return {Received::State::kGone};
  }
  received.packet.assign(buffer.data(), bytes);
  received.state = Received::State::kPacket;
  return received;
}

Received AwaitPacket(int channel, std::chrono::milliseconds time_max, std::size_t descriptors_max) {
  const auto ends = Clock::now() + time_max;
  while (true) {
    Received received = ReceivePacket(channel, descriptors_max);
    if (received.state != Received::State::kAgain) return received;
    if (!WaitFor(channel, POLLIN, ends)) return received;
  }
}

bool SendWithin(int channel, std::string_view packet, std::chrono::milliseconds time_max) {
  const auto ends = Clock::now() + time_max;
  while (true) {
    const Sent sent = SendPacket(channel, packet);
    if (sent != Sent::kAgain) return sent == Sent::kDone;
    if (!WaitFor(channel, POLLOUT, ends)) return false;
  }
}

}  // namespace eic::console
