// `eic proxy` and `eic jump`: the command lines that ssh runs as its ProxyCommand, and what the
// settings add to them.
#pragma once

#include "client/commands/commands.h"

namespace eic::client {

// Ends the process where everything was told already (client/proxy/proxy.h); gives a status where
// the line itself is wrong.
int RunProxyCommand(Outside& outside, const ProxyCommandOptions& options);

int RunJump(Outside& outside, const JumpCommandOptions& options);

}  // namespace eic::client
