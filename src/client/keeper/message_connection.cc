#include "client/keeper/message_connection.h"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "client/signing/wire.h"

namespace eic::client {
namespace {

constexpr std::size_t kReadBytes = 4096;

bool IsForNow(int error_number) {
  return error_number == EAGAIN || error_number == EWOULDBLOCK || error_number == EINTR;
}

}  // namespace

short MessageConnection::Events() const { return out_.empty() ? POLLIN : POLLOUT; }

bool MessageConnection::Serve(const Answerer& answer) {
  if (!out_.empty() && !Write()) return false;
  if (!out_.empty()) return true;  // first what it has asked for
  if (!Read()) return false;
  return TakeMessages(answer);
}

// No more than a message is read: what is behind it waits in the kernel.
bool MessageConnection::Read() {
  std::array<char, kReadBytes> part{};
  while (in_.size() < message_bytes_max_) {
    const ssize_t got = recv(socket_.get(), part.data(), part.size(), 0);
    if (got == 0) return false;
    if (got < 0) return IsForNow(errno);
    in_.append(part.data(), static_cast<std::size_t>(got));
    if (static_cast<std::size_t>(got) < part.size()) return true;
  }
  return true;
}

bool MessageConnection::TakeMessages(const Answerer& answer) {
  while (out_.empty()) {
    const Frame frame = PeekFrame(in_, message_bytes_max_);
    if (frame.state == Frame::State::kPartial) return true;
    if (frame.state == Frame::State::kTooLong) return false;
    const std::optional<std::string> answered = answer(frame.message);
    if (!answered) return false;
    in_.erase(0, frame.bytes);
    out_ = Framed(*answered);
    if (!Write()) return false;
  }
  return true;
}

bool MessageConnection::Write() {
  const ssize_t sent = send(socket_.get(), out_.data(), out_.size(), MSG_NOSIGNAL);
  if (sent < 0) return IsForNow(errno);
  out_.erase(0, static_cast<std::size_t>(sent));
  return true;
}

}  // namespace eic::client
