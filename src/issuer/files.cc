#include "issuer/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "issuer/issuer_error.h"

namespace eic::issuer {
namespace {

class OwnedFd {
 public:
  explicit OwnedFd(int fd) : fd_(fd) {}
  OwnedFd(const OwnedFd&) = delete;
  OwnedFd& operator=(const OwnedFd&) = delete;
  ~OwnedFd() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

[[noreturn]] void FailErrno(std::string_view verb, const std::filesystem::path& path) {
  const int error = errno;
  throw IssuerError("cannot " + std::string(verb) + " " + path.string() + ": " +
                    std::strerror(error));
}

}  // namespace

void WriteNewFile(const std::filesystem::path& path, std::string_view contents, Secrecy secrecy) {
  const mode_t mode = secrecy == Secrecy::kPrivate ? 0600 : 0644;
  const OwnedFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  if (file.get() < 0) FailErrno("create", path);
  if (::fchmod(file.get(), mode) != 0) FailErrno("set the mode of", path);
  while (!contents.empty()) {
    const ssize_t written = ::write(file.get(), contents.data(), contents.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) FailErrno("write", path);
    contents.remove_prefix(static_cast<std::size_t>(written));
  }
}

std::string ReadFile(const std::filesystem::path& path, std::size_t bytes_max) {
  const OwnedFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) FailErrno("open", path);
  std::string contents;
  char buffer[4096];
  while (true) {
    const ssize_t got = ::read(file.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) FailErrno("read", path);
    if (got == 0) return contents;
    contents.append(buffer, static_cast<std::size_t>(got));
    if (contents.size() > bytes_max) throw IssuerError(path.string() + " is too large");
  }
}

}  // namespace eic::issuer
