#include "client/proxy/pass_socket.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace eic::client {

bool TakesSockets(int output) {
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  return getsockname(output, reinterpret_cast<sockaddr*>(&address), &size) == 0 &&
         address.ss_family == AF_UNIX;
}

aws::Outcome<Nothing> PassSocket(int output, int socket) {
  char byte = 0;
  iovec part{&byte, 1};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  std::memcpy(CMSG_DATA(header), &socket, sizeof(int));
  while (true) {
    if (sendmsg(output, &message, MSG_NOSIGNAL) == 1) return Nothing{};
    if (errno == EAGAIN) {
      pollfd writable{output, POLLOUT, 0};
      (void)poll(&writable, 1, -1);
    } else if (errno != EINTR) {
      return aws::Failure{"PassFailed",
                          std::string("cannot hand the connection to ssh: ") + std::strerror(errno),
                          ""};
    }
  }
}

}  // namespace eic::client
