// The doors that a login uses: this host's DMI, CA store and clock, and the confinement.
#pragma once

#include "agent/options.h"
#include "agent/run.h"

namespace eic {

// The CA store is looked for when the process is confined, which must know its place, or when it is
// opened. `http` and `audit` are borrowed.
Outside DoorsOf(const Options& options, HttpTransport& http, AuditLog& audit);

}  // namespace eic
