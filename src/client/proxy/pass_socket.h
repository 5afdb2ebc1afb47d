// Hands a connected socket to ssh (ssh_config(5), ProxyUseFdpass), so that no process of ours
// stands between ssh and the host.
#pragma once

#include "aws/failure.h"

namespace eic::client {

// True where ssh waits for a socket at the other end of `output`: it is a Unix socket then, and two
// pipes otherwise.
bool TakesSockets(int output);

// Sends `socket` as ssh wants it: one message of one byte. Fails with `PassFailed`.
aws::Outcome<Nothing> PassSocket(int output, int socket);

}  // namespace eic::client
