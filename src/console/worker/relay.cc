#include "console/worker/relay.h"

#include <libssh/callbacks.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <variant>

#include "console/limits.h"
#include "console/link/channel.h"

namespace eic::console {
namespace {

// Packets of the link that are read before the instance has its turn.
constexpr int kPacketsAtOnce = 16;
// What the instance has taken is allowed again in pieces of this size, or when nothing waits.
constexpr std::uint32_t kAllowBytes = kInputWindowBytes / 4;
// libssh's own timers want a look now and then.
constexpr int kWaitMsMax = 30000;

void SetStatus(ssh_session, ssh_channel, int status, void* relay) {
  static_cast<Relay*>(relay)->OnExitStatus(status);
}

void SetSignal(ssh_session, ssh_channel, const char* signal, int, const char*, const char*,
               void* relay) {
  static_cast<Relay*>(relay)->OnExitSignal(signal == nullptr ? "" : signal);
}

}  // namespace

Relay::Relay(int link, SshSession& ssh)
    : link_(link), ssh_(ssh), socket_(ssh_get_fd(ssh.session())), events_(ssh_event_new()) {
  exit_.how = Exit::How::kCut;
}

void Relay::OnExitStatus(int status) {
  has_status_ = true;
  exit_ = {Exit::How::kExited, static_cast<std::uint32_t>(status), {}};
}

void Relay::OnExitSignal(const std::string& signal) {
  has_status_ = true;
  exit_ = {Exit::How::kSignalled, 0, signal.substr(0, kValueBytesMax)};
}

Exit Relay::Run() {
  ssh_channel_callbacks_struct callbacks{};
  callbacks.size = sizeof(callbacks);
  callbacks.userdata = this;
  callbacks.channel_exit_status_function = SetStatus;
  callbacks.channel_exit_signal_function = SetSignal;
  (void)ssh_set_channel_callbacks(ssh_.channel(), &callbacks);
  ssh_set_blocking(ssh_.session(), 0);
  (void)ssh_event_add_session(events_.get(), ssh_.session());
  Exit gone{Exit::How::kFailed, 0, "the console has gone"};
  while (true) {
    has_moved_ = false;
    if (!ReadLink() || !FlushLink() || !MoveInput() || !MoveOutput()) return gone;
    if (is_asked_to_end_) return {Exit::How::kExited, 0, "ended"};
    if (packet_.empty() && HasOutputEnded()) {
      if (!has_status_) exit_.words = "the connection to the instance has ended";
      return exit_;
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

// False where the link is broken.
bool Relay::FlushLink() {
  if (packet_.empty()) return true;
  const Sent sent = SendPacket(link_, packet_);
  if (sent == Sent::kAgain) return true;
  packet_.clear();
  has_moved_ = true;
  return sent == Sent::kDone;
}

bool Relay::MoveInput() {
  // Only what the socket takes: libssh would keep the rest in memory.
  const bool is_socket_full = (ssh_get_poll_flags(ssh_.session()) & SSH_WRITE_PENDING) != 0;
  if (is_socket_full) (void)ssh_blocking_flush(ssh_.session(), 0);
  if (!input_.empty() && !is_socket_full && ssh_channel_is_open(ssh_.channel()) != 0) {
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
  if (!is_cut_ && HasRoom()) (void)ssh_event_dopoll(events_.get(), 0);
  if (ssh_is_connected(ssh_.session()) == 0) is_cut_ = true;
  return MoveStream(false) && MoveStream(true);
}

// libssh opens its window again whenever something is read from it, however much more lies there
// unread. What stays in the socket is bounded by the window; what libssh takes from there is not.
// Window adjustments that input waits for may have to wait as well, until the page acknowledges.
bool Relay::HasRoom() const {
  const int unread = ssh_channel_poll(ssh_.channel(), 0) + ssh_channel_poll(ssh_.channel(), 1);
  return unread < static_cast<int>(kWorkerUnreadBytesMax);
}

bool Relay::MoveStream(bool is_stderr) {
  std::array<char, kPacketBytesMax> buffer;
  while (packet_.empty() && output_allowed_ > 0) {
    const auto room = static_cast<std::uint32_t>(std::min(buffer.size(), output_allowed_));
    const int count =
        ssh_channel_read_nonblocking(ssh_.channel(), buffer.data(), room, is_stderr ? 1 : 0);
    if (count == SSH_ERROR) is_cut_ = true;
    if (count <= 0) return true;
    output_allowed_ -= static_cast<std::size_t>(count);
    packet_ = Print(ToFront{Output{{buffer.data(), static_cast<std::size_t>(count)}}});
    if (!FlushLink()) return false;
  }
  return true;
}

// The shell is closed or the connection lost, and everything that came before was sent.
bool Relay::HasOutputEnded() const {
  const bool is_over = is_cut_ || ssh_channel_is_closed(ssh_.channel()) != 0;
  if (!is_over) return false;
  return ssh_channel_poll(ssh_.channel(), 0) <= 0 && ssh_channel_poll(ssh_.channel(), 1) <= 0;
}

void Relay::Wait() const {
  const bool wants_write = (ssh_get_poll_flags(ssh_.session()) & SSH_WRITE_PENDING) != 0;
  const int link_events = POLLIN | (packet_.empty() ? 0 : POLLOUT);
  const int socket_events = (HasRoom() ? POLLIN : 0) | (wants_write ? POLLOUT : 0);
  std::array<pollfd, 2> waits = {{{link_, static_cast<short>(link_events), 0},
                                  {is_cut_ ? -1 : socket_, static_cast<short>(socket_events), 0}}};
  (void)poll(waits.data(), waits.size(), kWaitMsMax);
}

}  // namespace eic::console
