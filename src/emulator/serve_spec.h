// From the command line and the configuration file to what is to be served.
#pragma once

#include "emulator/cli.h"
#include "emulator/service.h"

namespace eic::emulator {

// Makes the authority where the folder has none, and a tree that stands for /sys for each instance:
// FOLDER/sys/INSTANCE_ID, for the agent's --sysfs-root; with --tls the API's CA as well. `now` is
// by the service's clock, `wall_now` by the machine's, which clients of TLS go by. Throws
// EmulatorError or IssuerError.
ServiceSpec MakeServiceSpec(const ServeOptions& options, Instant now, Instant wall_now);

// Makes an authority and saves it. Throws EmulatorError when there is one.
void MakeAndSaveAuthority(const InitOptions& options, Instant now);

}  // namespace eic::emulator
