// Bytes between ssh and the host, where ssh takes no socket.
#pragma once

namespace eic::client {

// Until the host has ended and all of it has arrived at `output`. What ends at `input` is told to
// the host, which may go on. SIGPIPE is ignored from now on.
void RelayUntilDone(int input, int output, int socket);

}  // namespace eic::client
