// `eic-authorized-keys --self-test`: does the program work on this host, with its libraries, its
// kernel and the confinement?
#pragma once

#include "agent/options.h"

namespace eic {

// Makes the decision as for a login, but over built-in evidence: a vector of tests/vectors, with
// one record that is genuine and one that is forged, served on the loopback interface by this
// process to a child that confines itself. The clock, the trust anchor and the instance are the
// vector's; NSS is the host's. Nothing is logged, and nothing leaves the host.
//
// Prints the result to standard output. Returns EX_OK if the genuine key is printed and the forged
// one refused as `signature-invalid`, and EX_SOFTWARE for any other outcome.
int SelfTest(const Options& options);

}  // namespace eic
