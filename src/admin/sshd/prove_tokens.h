// One login is tried with a sshd that has nothing but the command of the chain: whether this sshd
// knows the command's tokens, which `sshd -t` does not say.
#pragma once

#include <string>

#include "admin/failure.h"
#include "admin/sshd/sshd.h"

namespace eic::admin {

// That this sshd replaces all tokens of `command`, a command of the chain: it is started once, on
// a pipe, with a configuration of that command alone, and a login is tried that ends there. Fails
// with kFailed, `token-unknown`, where it does not know one, by which every login would end; with
// kUnchecked, `tokens-unproven`, where that cannot be tried here.
Outcome<Nothing> ProveTokens(Sshd& sshd, const std::string& command);

}  // namespace eic::admin
