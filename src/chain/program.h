// The program eic-chain: its process, its streams, its exit status.
#pragma once

#include "chain/runnable.h"

namespace eic::chain {

// What main does once the environment is cleared; `inherited` is what it kept of it. Returns 0 for
// whatever the members did (sshd voids the output and logs an error on any other status,
// sshd_config(5)), 64 (EX_USAGE, sysexits.h) for wrong usage, 70 (EX_SOFTWARE) where the collector
// was lost, so that what it may have begun to print counts for nothing.
int RunProgram(int argc, char* const* argv, const Inherited& inherited);

}  // namespace eic::chain
