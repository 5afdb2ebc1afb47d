// Tries one login with an sshd that has only the command of the chain, to find out whether this
// sshd knows the command's tokens. `sshd -t` does not check that.
#pragma once

#include <string>

#include "admin/failure.h"
#include "admin/sshd/sshd.h"

namespace eic::admin {

// Checks that this sshd replaces all tokens of `command`, a command of the chain. Starts it once,
// on a pipe, with a configuration that has only that command, and tries a login. Fails with
// kFailed, `token-unknown`, if sshd does not know a token, so that every login would fail; with
// kUnchecked, `tokens-unproven`, if this cannot be tried here.
Outcome<Nothing> ProveTokens(Sshd& sshd, const std::string& command);

}  // namespace eic::admin
