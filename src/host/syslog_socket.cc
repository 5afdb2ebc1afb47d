#include "host/syslog_socket.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <utility>

#include "host/limits.h"

namespace eic {
namespace {

// `Mmm dd hh:mm:ss`, in English whatever the locale.
std::string Timestamp() {
  constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  if (localtime_r(&now, &local) == nullptr) return "Jan  1 00:00:00";
  std::array<char, 32> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), " %e %H:%M:%S", &local);
  return std::string(kMonths[static_cast<std::size_t>(local.tm_mon) % kMonths.size()]) +
         std::string(text.data(), length);
}

// The same socket under a number of kLogDescriptor or more. Where the process may not have so many
// descriptors it stays as it is: a log line is worth more than that the socket cannot be moved.
int MoveToTop(int descriptor) {
  const int moved = fcntl(descriptor, F_DUPFD_CLOEXEC, kLogDescriptor);
  if (moved < 0) return descriptor;
  close(descriptor);
  return moved;
}

int OpenSocket(const std::string& path, int type) {
  sockaddr_un address{};
  if (path.size() >= sizeof(address.sun_path)) return -1;
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  const int descriptor = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor < 0) return -1;
  if (connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) {
    return MoveToTop(descriptor);
  }
  const int error_number = errno;
  close(descriptor);
  errno = error_number;
  return -1;
}

bool IsFull(int error_number) {
  return error_number == EAGAIN || error_number == EWOULDBLOCK || error_number == ENOBUFS;
}

}  // namespace

SyslogSocket::SyslogSocket(std::string path) : path_(std::move(path)), wait_left_(kLogWaitMax) {
  Connect();
}

SyslogSocket::~SyslogSocket() { Close(); }

void SyslogSocket::Connect() {
  is_stream_ = false;
  descriptor_ = OpenSocket(path_, SOCK_DGRAM);
  if (descriptor_ < 0 && errno == EPROTOTYPE) {
    is_stream_ = true;
    descriptor_ = OpenSocket(path_, SOCK_STREAM);
  }
}

void SyslogSocket::Close() {
  if (descriptor_ >= 0) close(descriptor_);
  descriptor_ = -1;
}

void SyslogSocket::Send(const std::string& message) {
  if (descriptor_ >= 0 && TrySend(message)) return;
  if (descriptor_ >= 0 && IsFull(errno)) return;  // waited long enough: dropped
  Close();
  Connect();
  if (descriptor_ >= 0) (void)TrySend(message);
}

// False with errno where the message was not taken.
bool SyslogSocket::TrySend(const std::string& message) {
  // On a stream, NUL ends a message, as syslog(3) has it.
  const std::size_t length = message.size() + (is_stream_ ? 1 : 0);
  while (true) {
    const ssize_t sent = send(descriptor_, message.c_str(), length, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent >= 0) return true;
    if (errno == EINTR) continue;
    if (!IsFull(errno) || !WaitUntilWritable()) return false;
  }
}

// False, with errno EAGAIN, once the waiting of this object is used up.
bool SyslogSocket::WaitUntilWritable() {
  const auto start = std::chrono::steady_clock::now();
  pollfd writable{descriptor_, POLLOUT, 0};
  const int ready =
      wait_left_.count() > 0 ? poll(&writable, 1, static_cast<int>(wait_left_.count())) : 0;
  const auto waited = std::chrono::steady_clock::now() - start;
  // At least a millisecond a call, so that a socket that only seems writable cannot keep us here.
  wait_left_ -=
      std::chrono::duration_cast<std::chrono::milliseconds>(waited) + std::chrono::milliseconds(1);
  if (ready > 0) return true;
  errno = EAGAIN;
  return false;
}

std::string SyslogMessage(int severity, const std::string& text) {
  return '<' + std::to_string(LOG_AUTHPRIV | severity) + '>' + Timestamp() + ' ' + kSyslogIdent +
         '[' + std::to_string(getpid()) + "]: " + text;
}

}  // namespace eic
