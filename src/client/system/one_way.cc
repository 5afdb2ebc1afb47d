#include "client/system/one_way.h"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace eic::client {
namespace {

constexpr std::size_t kBufferBytesMax = std::size_t{64} * 1024;

bool IsForNow(int error_number) {
  return error_number == EAGAIN || error_number == EWOULDBLOCK || error_number == EINTR;
}

}  // namespace

short OneWay::FromEvents() const {
  return !has_ended_ && buffer_.size() < kBufferBytesMax ? POLLIN : short{0};
}

short OneWay::ToEvents() const { return buffer_.empty() ? short{0} : POLLOUT; }

void OneWay::Move() {
  if (FromEvents() != 0) Read();
  if (ToEvents() != 0) Write();
}

void OneWay::Read() {
  std::array<char, kBufferBytesMax> part;  // filled by read(2)
  const ssize_t got = read(from_, part.data(), kBufferBytesMax - buffer_.size());
  if (got > 0) {
    buffer_.append(part.data(), static_cast<std::size_t>(got));
  } else if (got == 0 || !IsForNow(errno)) {
    has_ended_ = true;
  }
}

void OneWay::Write() {
  const ssize_t written = write(to_, buffer_.data(), buffer_.size());
  if (written >= 0) {
    buffer_.erase(0, static_cast<std::size_t>(written));
  } else if (!IsForNow(errno)) {
    buffer_.clear();
    has_ended_ = true;
  }
}

}  // namespace eic::client
