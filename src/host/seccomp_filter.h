// Which system calls are left, by seccomp(2) through libseccomp. doc/design.md, "Confinement".
//
// A call that is not listed gets ENOSYS, so that a C library newer than this file falls back to
// what it did before; what a taken-over process would reach for gets EPERM. Never a kill: an update
// of the C library would then void every key.
#pragma once

namespace eic {

// Both return false where the kernel or libseccomp lacks what it takes; the rest of the confinement
// holds all the same. Filters add up: the second narrows the first, and nothing is widened.

// For the time with the network: TCP connections may be opened, files only be read. The socket
// `log_descriptor` (-1: none) may not be connected to anything else.
bool FilterForNetwork(int log_descriptor);

// For the time after the last answer: no socket is opened or connected any more.
bool FilterForVerification();

}  // namespace eic
