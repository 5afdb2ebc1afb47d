// Which system calls are left, by seccomp(2). doc/design.md, "Confinement"; the build makes the
// filters with libseccomp from the rules in seccomp_rules.cc.
//
// A call that is not listed gets ENOSYS, so that a C library newer than this file falls back to an
// older call; calls that a taken-over process would want get EPERM. No call kills the process: an
// update of the C library would then void every key.
#pragma once

namespace eic {

// All return false if the kernel has no such filters, or the process has not set no_new_privs; the
// rest of the confinement still applies. Filters add up: the second narrows the first, and nothing
// is given back.

// For the time with the network: TCP connections may be opened, and files may only be read. A
// descriptor from kLogDescriptor (host/syslog_socket.h) on may not be reconnected.
bool FilterForNetwork();

// For the time after the last answer: no socket can be opened or connected any more.
bool FilterForVerification();

// For a process that has all the descriptors that it needs (host/chain_confinement.h): reading,
// waiting, writing and exiting.
bool FilterForPipes();

}  // namespace eic
