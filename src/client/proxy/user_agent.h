// The agent of the person who logs in, for the connections that ssh forwards.
#pragma once

#include <sys/types.h>

#include <string>

#include "client/folder.h"

namespace eic::client {

// The path of its socket; empty where there is none. From OpenSSH 10.5 on a ProxyCommand sees the
// IdentityAgent in SSH_AUTH_SOCK, which is the keeper: then what ssh itself was started with
// counts.
std::string UserAgentSocket(const Folder& folder, pid_t ssh_pid);

}  // namespace eic::client
