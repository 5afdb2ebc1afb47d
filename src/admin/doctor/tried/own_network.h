// A network of its own, which has nothing but the two ends of one login: so a client has whatever
// address it is to have, and nobody else can reach the server.
#pragma once

#include <string>

#include "admin/failure.h"
#include "admin/process/descriptor.h"

namespace eic::admin {

// Goes with its descriptors, and with the sockets that were made in it.
struct OwnNetwork {
  Descriptor name_space;  // for setns(2)
  Descriptor listener;    // at `server` and the port, in there; not on this host
  std::string server;
};

// The network in which a client at the address `from` reaches port `port` of the address by which
// this host would answer it. A child makes it and hands it over, so this process stays where it
// is. Fails with kUnchecked: the kernel or its rules do not let root make one, or have no such
// address.
Outcome<OwnNetwork> MakeOwnNetwork(const std::string& from, int port);

}  // namespace eic::admin
