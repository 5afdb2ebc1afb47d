// The program eic-authorized-keys: its process, its streams, its exit status.
#pragma once

#include <string>

namespace eic {

// What main does once the environment is cleared; `sshd_pid` is what eic-chain told by it
// (host/sshd_process.h), empty where it did not. Returns 0 for every decision and for every fault
// of the outside (sshd voids the output and logs an error on any other status, sshd_config(5)), 64
// (EX_USAGE, sysexits.h) for wrong usage, 70 (EX_SOFTWARE) for a --self-test that failed.
int RunProgram(int argc, char* const* argv, const std::string& sshd_pid);

}  // namespace eic
