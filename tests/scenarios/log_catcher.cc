// eic-log-catcher SOCKET FILE: a syslog daemon reduced to what a scenario asks of it. Binds a
// datagram socket at SOCKET that everyone may write to, appends each datagram as one line to FILE,
// and ends on SIGTERM.
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string_view>

namespace {

// Says which call failed, and is the status of the process.
int Fail(const char* what) {
  std::perror(what);
  return 1;
}

// The socket at `path`, or -1 with errno set.
int BindDatagramSocket(std::string_view path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) {
    errno = ENAMETOOLONG;
    return -1;
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): what the socket interface wants.
  if (bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) return -1;
  if (chmod(address.sun_path, 0666) != 0) return -1;
  return fd;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: eic-log-catcher SOCKET FILE\n", stderr);
    return 64;
  }
  const int fd = BindDatagramSocket(argv[1]);
  if (fd < 0) return Fail(argv[1]);
  std::ofstream file(argv[2], std::ios::app);
  std::array<char, 65536> datagram;
  while (file) {
    const ssize_t size = recv(fd, datagram.data(), datagram.size(), 0);
    if (size < 0) return Fail("recv");
    std::string_view line(datagram.data(), static_cast<size_t>(size));
    // syslog(3) of some C libraries ends a datagram with LF or NUL; a line has one end.
    while (!line.empty() && (line.back() == '\n' || line.back() == '\0')) line.remove_suffix(1);
    file << line << std::endl;
  }
  return Fail(argv[2]);
}
