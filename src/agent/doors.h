// The doors that a login uses: this host's users, DMI, CA store and clock, and the confinement.
#pragma once

#include "agent/options.h"
#include "agent/run.h"

namespace eic {

// Looks for the CA store at once, since confining needs to know where it lies. `http` and `audit`
// are borrowed.
Outside DoorsOf(const Options& options, HttpTransport& http, AuditLog& audit);

}  // namespace eic
