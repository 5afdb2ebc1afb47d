#include "console/worker/relay.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <variant>

#include "console/limits.h"
#include "console/link/channel.h"

namespace eic::console {
namespace {

// How many packets of the link are read before the instance gets its turn.
constexpr int kPacketsAtOnce = 16;
constexpr int kReadsAtOnce = 8;
// Room for input is granted again in pieces of this size, or when no input waits.
constexpr std::uint32_t kAllowBytes = kInputWindowBytes / 4;
// libssh's own timers need to run now and then.
constexpr int kWaitMsMax = 30000;
constexpr int kSilentMs = static_cast<int>(kSilentAfter.count());

// There is unread data, which is not the end of the connection.
bool HasMore(int socket) {
  char byte = 0;
  return recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

// The connection has ended after the data that was read. libssh must not see that yet.
bool HasEnd(int socket) {
  char byte = 0;
  const ssize_t count = recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return count == 0 || (count < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

bool IsWritable(int socket) {
  pollfd wait{socket, POLLOUT, 0};
  return poll(&wait, 1, 0) > 0 && (wait.revents & POLLOUT) != 0;
}

}  // namespace

Relay::Relay(int link, SshSession& ssh)
    : link_(link), ssh_(ssh), socket_(ssh_get_fd(ssh.session())), events_(ssh_event_new()) {}

Exit Relay::Run() {
  ssh_set_blocking(ssh_.session(), 0);
  (void)ssh_event_add_session(events_.get(), ssh_.session());
  // libssh sends when poll(2) reports room; data larger than the room would still block.
  const int flags = fcntl(socket_, F_GETFL);
  (void)fcntl(socket_, F_SETFL, flags | O_NONBLOCK);
  Exit gone{Exit::How::kFailed, 0, "eic-console exited"};
  while (true) {
    has_moved_ = false;
    if (!ReadLink() || !FlushLink() || !MoveInput() || !MoveOutput()) return gone;
    if (is_asked_to_end_) return {Exit::How::kExited, 0, "ended"};
    if (packet_.empty() && HasOutputEnded()) {
      if (ssh_.ending()) return *ssh_.ending();
      return {Exit::How::kCut, 0, "it ended without an exit status"};
    }
    if (!has_moved_) Wait();
  }
}

bool Relay::ReadLink() {
  for (int count = 0; count < kPacketsAtOnce; ++count) {
    const Received received = ReceivePacket(link_);
    if (received.state == Received::State::kAgain) return true;
    if (received.state == Received::State::kGone) return false;
    const auto message = ParseToWorker(received.packet);
    if (!message || !Take(*message)) return false;
    has_moved_ = true;
  }
  return true;
}

bool Relay::Take(const ToWorker& message) {
  if (const auto* input = std::get_if<Input>(&message)) {
    if (input->bytes.size() > kInputWindowBytes - input_.size()) return false;
    input_.append(input->bytes);
    return true;
  }
  if (const auto* size = std::get_if<Size>(&message)) {
    (void)ssh_channel_change_pty_size(ssh_.channel(), static_cast<int>(size->columns),
                                      static_cast<int>(size->rows));
    return true;
  }
  if (const auto* more = std::get_if<MoreOutput>(&message)) {
    output_allowed_ += more->bytes;
    return output_allowed_ <= 2 * kOutputHighBytes;
  }
  is_asked_to_end_ = std::holds_alternative<End>(message);
  return is_asked_to_end_;
}

// False if the link is broken.
bool Relay::FlushLink() {
  if (packet_.empty()) return true;
  const Sent sent = SendPacket(link_, packet_);
  if (sent == Sent::kAgain) return true;
  packet_.clear();
  has_moved_ = true;
  return sent == Sent::kDone;
}

bool Relay::MoveInput() {
  // Only as much as the socket accepts: libssh would keep the rest in memory.
  needs_room_ = !input_.empty() && !IsWritable(socket_);
  if (!input_.empty() && !needs_room_ && ssh_channel_is_open(ssh_.channel()) != 0) {
    const auto length = static_cast<std::uint32_t>(std::min(input_.size(), kPacketBytesMax));
    const int written = ssh_channel_write(ssh_.channel(), input_.data(), length);
    if (written > 0) {
      input_.erase(0, static_cast<std::size_t>(written));
      input_taken_ += static_cast<std::uint32_t>(written);
      has_moved_ = true;
    }
  }
  const bool is_due = input_taken_ >= kAllowBytes || (input_taken_ > 0 && input_.empty());
  if (!is_due || !packet_.empty()) return true;
  packet_ = Print(ToFront{MoreInput{input_taken_}});
  input_taken_ = 0;
  return FlushLink();
}

bool Relay::MoveOutput() {
  // Also when nothing may be read: window adjustments, that input waits for, come in packets too.
  // libssh keeps the rest, up to its window.
  // What it has of the instance comes first: once it has seen the connection end, it gives nothing.
  KeepRest();
  // With something unread, only where there is more: the end that comes just now must stay unseen.
  const bool may_see_end = !HasUnread();
  if (!is_cut_ && MayRead() && (may_see_end || HasMore(socket_) || IsWritePending())) {
    (void)ssh_event_dopoll(events_.get(), 0);
  }
  FillPacket();
  if (ssh_is_connected(ssh_.session()) == 0) is_cut_ = true;
  return MoveStream(false) && MoveStream(true);
}

// libssh reads 4 KiB at once, and packets for the front should be larger.
void Relay::FillPacket() {
  if (output_allowed_ == 0 || !packet_.empty()) return;
  for (int reads = 0; reads < kReadsAtOnce && !is_cut_ && HasMore(socket_); ++reads) {
    (void)ssh_event_dopoll(events_.get(), 0);
  }
}

// After a lost connection, libssh returns its bytes in a single read. That read also announces room
// in the window to the instance, and if the connection was reset, every later read fails. The bytes
// are at most kUnreadBytesMax and one packet.
void Relay::KeepRest() {
  if (is_cut_ || !rest_.empty()) return;
  const int unread = ssh_channel_poll(ssh_.channel(), 0);
  if (unread <= 0 || !HasEnd(socket_)) return;
  rest_.resize(static_cast<std::size_t>(unread));
  const int count = ssh_channel_read_nonblocking(ssh_.channel(), rest_.data(),
                                                 static_cast<std::uint32_t>(unread), 0);
  rest_.resize(static_cast<std::size_t>(std::max(count, 0)));
}

// Reads at most `room` bytes of the stream into `buffer`. Returns their number, 0 if there are none
// now, or SSH_ERROR.
int Relay::Read(bool is_stderr, char* buffer, std::uint32_t room) {
  if (is_stderr || rest_.empty()) {
    return ssh_channel_read_nonblocking(ssh_.channel(), buffer, room, is_stderr ? 1 : 0);
  }
  const std::size_t count = rest_.copy(buffer, room);
  rest_.erase(0, count);
  return static_cast<int>(count);
}

bool Relay::MoveStream(bool is_stderr) {
  std::array<char, kPacketBytesMax> buffer;
  while (packet_.empty() && output_allowed_ > 0) {
    const auto room = static_cast<std::uint32_t>(std::min(buffer.size(), output_allowed_));
    const int count = Read(is_stderr, buffer.data(), room);
    if (count == SSH_ERROR) is_cut_ = has_read_error_ = true;
    if (count <= 0) return true;
    output_allowed_ -= static_cast<std::size_t>(count);
    output_moved_ = std::chrono::steady_clock::now();
    packet_ = Print(ToFront{Output{{buffer.data(), static_cast<std::size_t>(count)}}});
    if (!FlushLink()) return false;
  }
  return true;
}

bool Relay::HasUnread() const {
  if (!rest_.empty()) return true;
  if (ssh_channel_poll(ssh_.channel(), 0) > 0) return true;
  // If libssh has no data of the requested stream, it reads from the socket, and while it is asked
  // for stderr it may get data of stdout.
  const bool has_stderr = ssh_channel_poll(ssh_.channel(), 1) > 0;
  return ssh_channel_poll(ssh_.channel(), 0) > 0 || has_stderr;
}

bool Relay::IsSilent() const {
  return std::chrono::steady_clock::now() - output_moved_ >= kSilentAfter;
}

// Whether libssh may read of the instance. Also while the page is silent: the instance may ask
// whether we live (sshd's ClientAliveInterval), and ends the session of whoever does not answer.
// What comes before that question is kept; of an instance that does not keep to libssh's window, up
// to kUnreadBytesMax, or kWorkerDataBytesMax where it says that it is stderr's. For a page that is
// slow nothing is kept: libssh opens its window again with each read.
bool Relay::MayRead() const {
  if (!HasUnread()) return true;
  const bool can_move = output_allowed_ > 0 && packet_.empty();
  const int unread = ssh_channel_poll(ssh_.channel(), 0);
  const bool has_room = unread >= 0 && static_cast<std::size_t>(unread) < kUnreadBytesMax;
  return !can_move && has_room && IsSilent() && !HasEnd(socket_);
}

// Whether the shell is closed or the connection lost, and everything before that was sent.
bool Relay::HasOutputEnded() const {
  if (!rest_.empty()) return false;
  if (is_cut_) return !HasUnread() || has_read_error_;
  return ssh_channel_is_closed(ssh_.channel()) != 0 && !HasUnread();
}

bool Relay::IsWritePending() const {
  return (ssh_get_poll_flags(ssh_.session()) & SSH_WRITE_PENDING) != 0;
}

void Relay::Wait() const {
  const int link_events = POLLIN | (packet_.empty() ? 0 : POLLOUT);
  // While nothing more is read, TCP holds the rest back.
  const bool may_read = MayRead();
  // Asking makes libssh read, so new data goes on at once. libssh may also have something to send.
  const bool has_unread = HasUnread();
  if (has_unread && output_allowed_ > 0 && packet_.empty()) return;
  const bool wants_write = needs_room_ || (IsWritePending() && may_read);
  const int socket_events = (may_read ? POLLIN : 0) | (wants_write ? POLLOUT : 0);
  const bool has_socket = !is_cut_ && socket_events != 0;
  std::array<pollfd, 2> waits = {
      {{link_, static_cast<short>(link_events), 0},
       {has_socket ? socket_ : -1, static_cast<short>(socket_events), 0}}};
  const bool may_become_silent = has_unread && !IsSilent();
  (void)poll(waits.data(), waits.size(), may_become_silent ? kSilentMs : kWaitMsMax);
}

}  // namespace eic::console
