// mssh, `eic ssh`: a key is pushed, and this process becomes ssh.
//
//   1  read the line (ssh/ssh_arguments.h); -V and -Q are ssh's at once
//   2  ask ssh what the person's own configuration makes of it (`ssh -G`): aliases, jump hosts,
//      the agent that is forwarded, the socket of a master
//   3  find instance and user (login.h)
//   4  where no master is alive: a key at the keeper for this process, and its push
//   5  write the -F file (ssh/config_writer.h), which includes the person's configuration
//   6  become ssh
//
// -G and -O push nothing. Neither does --print-command: its line is good later, since then the
// ProxyCommand pushes.
#pragma once

#include <string>
#include <vector>

#include "client/outside.h"

namespace eic::client {

// `words` without the program's name. Gives the exit status, where this process did not become ssh.
int RunSshCommand(Outside& outside, const std::vector<std::string>& words);

}  // namespace eic::client
