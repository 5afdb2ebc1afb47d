#include "console/worker/file_relay.h"

#include <fcntl.h>
#include <openssl/rand.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "console/limits.h"
#include "console/link/channel.h"

namespace eic::console {
namespace {

// How many packets of the link, or of SFTP, are handled before the other end gets its turn.
constexpr int kPacketsAtOnce = 16;
constexpr int kReadsAtOnce = 8;
constexpr int kWaitMsMax = 1000;

std::string RandomLetters() {
  std::array<unsigned char, 6> bytes{};
  (void)RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
  std::string text;
  for (const unsigned char byte : bytes) {
    std::array<char, 3> digits{};
    (void)std::snprintf(digits.data(), digits.size(), "%02x", byte);
    text += digits.data();
  }
  return text;
}

bool IsWritable(int socket) {
  pollfd wait{socket, POLLOUT, 0};
  return poll(&wait, 1, 0) > 0 && (wait.revents & POLLOUT) != 0;
}

}  // namespace

FileRelay::FileRelay(int link, SshSession& ssh)
    : link_(link),
      ssh_(ssh),
      socket_(ssh_get_fd(ssh.session())),
      events_(ssh_event_new()),
      files_(RandomLetters) {}

Exit FileRelay::Run() {
  ssh_set_blocking(ssh_.session(), 0);
  (void)ssh_event_add_session(events_.get(), ssh_.session());
  const int flags = fcntl(socket_, F_GETFL);
  (void)fcntl(socket_, F_SETFL, flags | O_NONBLOCK);
  while (true) {
    has_moved_ = false;
    // Its end may be met by whichever comes first, reading or writing.
    const bool has_link = ReadLink() && FlushLink();
    if (!has_link || is_asked_to_end_) {
      Retire();
      if (is_asked_to_end_) return {Exit::How::kExited, 0, "ended"};
      return {Exit::How::kFailed, 0, "the console has gone"};
    }
    SendToInstance();
    if (!ReadInstance()) return Cut();
    if (IsSilent()) return {Exit::How::kCut, 0, "the instance does not answer"};
    if (!has_moved_) Wait(link_);
  }
}

bool FileRelay::ReadLink() {
  for (int count = 0; count < kPacketsAtOnce; ++count) {
    const Received received = ReceivePacket(link_);
    if (received.state == Received::State::kAgain) return true;
    if (received.state == Received::State::kGone) return false;
    const auto message = ParseToWorker(received.packet);
    if (!message) return false;
    has_moved_ = true;
    // Silence counts from the request on.
    if (!files_.IsWaiting()) heard_ = std::chrono::steady_clock::now();
    if (std::holds_alternative<End>(*message)) {
      is_asked_to_end_ = true;
      return true;
    }
    if (!files_.Take(*message)) return false;
  }
  return true;
}

bool FileRelay::FlushLink() {
  auto& packets = files_.to_front();
  while (!packets.empty()) {
    const Sent sent = SendPacket(link_, packets.front());
    if (sent == Sent::kAgain) return true;
    if (sent == Sent::kGone) return false;
    packets.pop_front();
    has_moved_ = true;
  }
  return true;
}

void FileRelay::SendToInstance() {
  std::string& bytes = files_.to_instance();
  // Only as much as the socket accepts: libssh would keep the rest in memory.
  needs_room_ = !bytes.empty() && !IsWritable(socket_);
  if (bytes.empty() || needs_room_ || ssh_channel_is_open(ssh_.channel()) == 0) return;
  const auto length = static_cast<std::uint32_t>(std::min(bytes.size(), kPacketBytesMax));
  const int written = ssh_channel_write(ssh_.channel(), bytes.data(), length);
  if (written <= 0) return;
  bytes.erase(0, static_cast<std::size_t>(written));
  has_moved_ = true;
}

// False once the connection or SFTP has ended or is invalid.
bool FileRelay::ReadInstance() {
  (void)ssh_event_dopoll(events_.get(), 0);
  std::array<char, kFileBlockBytes> buffer;
  // If libssh has no data of the requested stream, it reads from the socket, and may get data of
  // the other stream. So stdout, for which poll waits, is last.
  for (const int is_stderr : {1, 0}) {
    for (int reads = 0; reads < kReadsAtOnce; ++reads) {
      const int count =
          ssh_channel_read_nonblocking(ssh_.channel(), buffer.data(), buffer.size(), is_stderr);
      if (count == SSH_ERROR) return false;
      if (count <= 0) break;
      has_moved_ = true;
      heard_ = std::chrono::steady_clock::now();
      const std::string_view bytes(buffer.data(), static_cast<std::size_t>(count));
      // Output on stderr is dropped.
      if (is_stderr == 0 && !files_.TakeBytes(bytes)) return false;
    }
  }
  const bool has_ended =
      ssh_channel_is_eof(ssh_.channel()) != 0 || ssh_channel_is_closed(ssh_.channel()) != 0;
  return ssh_is_connected(ssh_.session()) != 0 && (!has_ended || has_moved_);
}

// Deletes the new file of an unfinished upload, if the instance still answers.
void FileRelay::Retire() {
  (void)files_.Take(Cancel{});
  const auto ends = std::chrono::steady_clock::now() + kEndTimeMax;
  while (files_.HasTransfer() && std::chrono::steady_clock::now() < ends) {
    has_moved_ = false;
    files_.to_front().clear();
    SendToInstance();
    if (!ReadInstance()) return;
    if (!has_moved_) Wait(-1);
  }
}

Exit FileRelay::Cut() const {
  if (!files_.is_ready()) {
    return {Exit::How::kNoShell, 0, "what answers there is no SFTP server, or none was started"};
  }
  return {Exit::How::kCut, 0, "the connection to the instance has ended, or is no SFTP any more"};
}

bool FileRelay::IsSilent() const {
  const auto max = files_.is_ready() ? std::chrono::seconds(kFileSilenceMax) : kHandshakeTimeMax;
  return files_.IsWaiting() && std::chrono::steady_clock::now() - heard_ > max;
}

// `link` is -1 if the link is closed.
void FileRelay::Wait(int link) {
  const int link_events = POLLIN | (files_.to_front().empty() ? 0 : POLLOUT);
  const bool is_pending = (ssh_get_poll_flags(ssh_.session()) & SSH_WRITE_PENDING) != 0;
  const int socket_events = POLLIN | (needs_room_ || is_pending ? POLLOUT : 0);
  std::array<pollfd, 2> waits = {{{link, static_cast<short>(link_events), 0},
                                  {socket_, static_cast<short>(socket_events), 0}}};
  (void)poll(waits.data(), waits.size(), kWaitMsMax);
}

}  // namespace eic::console
