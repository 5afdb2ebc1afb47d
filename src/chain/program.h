// The program eic-chain: its process, its streams, its exit status.
#pragma once

#include "chain/runnable.h"

namespace eic::chain {

// What main does once the environment is cleared; `inherited` is what it kept of it. Returns 0
// whatever the members did (on any other status, sshd ignores the output and logs an error,
// sshd_config(5)), 64 (EX_USAGE, sysexits.h) for wrong usage, 70 (EX_SOFTWARE) if the collector was
// lost, so that sshd ignores what it may have begun to print.
int RunProgram(int argc, char* const* argv, const Inherited& inherited);

}  // namespace eic::chain
