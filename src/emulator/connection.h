// The socket behind a request: cpp-httplib keeps it from its handlers, and a fault writes to it.
#pragma once

#include <string>

#include "emulator/address.h"

namespace eic::emulator {

// The descriptor in this process of the TCP connection from `remote` to its own `local_port`; -1
// when there is none. Borrowed: whoever serves the connection closes it.
int FindConnection(int local_port, const Address& remote);

// How many hops what is sent from now on may make (IP_TTL, IPV6_UNICAST_HOPS).
void SetHopLimit(int socket, int hops);

}  // namespace eic::emulator
