// Which system calls are left, by seccomp(2). doc/design.md, "Confinement"; the rules stand in
// seccomp_rules.cc, from which the build makes the filters with libseccomp.
//
// A call that is not listed gets ENOSYS, so that a C library newer than this file falls back to
// what it did before; what a taken-over process would reach for gets EPERM. Never a kill: an update
// of the C library would then void every key.
#pragma once

namespace eic {

// All return false where the kernel has no such filters, or the process has not set no_new_privs
// before; the rest of the confinement holds all the same. Filters add up: the second narrows the
// first, and nothing is widened.

// For the time with the network: TCP connections may be opened, files only be read. A descriptor
// from kLogDescriptor (host/syslog_socket.h) on may not be connected anew.
bool FilterForNetwork();

// For the time after the last answer: no socket is opened or connected any more.
bool FilterForVerification();

// For a process that is handed all its descriptors and needs no other (host/chain_confinement.h):
// reading, waiting, writing and its end.
bool FilterForPipes();

}  // namespace eic
