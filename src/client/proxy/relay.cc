#include "client/proxy/relay.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "client/system/one_way.h"

namespace eic::client {
namespace {

void NoLongerBlock(int descriptor) {
  const int flags = fcntl(descriptor, F_GETFL);
  if (flags >= 0) (void)fcntl(descriptor, F_SETFL, flags | O_NONBLOCK);
}

pollfd WaitOn(int descriptor, short events) {
  // One with nothing to wait for would be reported over and over once it has ended.
  return {events == 0 ? -1 : descriptor, events, 0};
}

}  // namespace

void RelayUntilDone(int input, int output, int socket) {
  (void)signal(SIGPIPE, SIG_IGN);
  for (const int descriptor : {input, output, socket}) NoLongerBlock(descriptor);
  OneWay to_host(input, socket);
  OneWay to_ssh(socket, output);
  bool has_told_host = false;
  while (!to_ssh.IsDone()) {
    std::array<pollfd, 4> waits{
        WaitOn(input, to_host.FromEvents()), WaitOn(socket, to_host.ToEvents()),
        WaitOn(socket, to_ssh.FromEvents()), WaitOn(output, to_ssh.ToEvents())};
    if (poll(waits.data(), waits.size(), -1) < 0 && errno != EINTR) return;
    to_host.Move();
    to_ssh.Move();
    if (to_host.IsDone() && !has_told_host) {
      (void)shutdown(socket, SHUT_WR);
      has_told_host = true;
    }
  }
}

}  // namespace eic::client
