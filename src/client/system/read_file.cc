#include "client/system/read_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstdio>

#include "aws/system/descriptor.h"

namespace eic::client {
namespace {

bool WriteAll(int descriptor, std::string_view contents) {
  while (!contents.empty()) {
    const ssize_t written = write(descriptor, contents.data(), contents.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    contents.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

std::optional<std::string> ReadFile(const std::string& path, std::size_t bytes_max) {
  // Not blocked by a FIFO that somebody put there.
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file) return std::nullopt;
  std::string contents;
  std::array<char, 16384> part{};
  while (true) {
    const ssize_t got = read(file.get(), part.data(), part.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    if (got == 0) return contents;
    contents.append(part.data(), static_cast<std::size_t>(got));
    if (contents.size() > bytes_max) {
      errno = EFBIG;
      return std::nullopt;
    }
  }
}

bool ReplaceFile(const std::string& path, std::string_view contents) {
  const std::string fresh = path + '.' + std::to_string(getpid());
  (void)unlink(fresh.c_str());
  Descriptor file(open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file) return false;
  if (WriteAll(file.get(), contents) && std::rename(fresh.c_str(), path.c_str()) == 0) return true;
  const int error_number = errno;
  (void)unlink(fresh.c_str());
  errno = error_number;
  return false;
}

}  // namespace eic::client
