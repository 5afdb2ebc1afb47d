// From the command line and the configuration file to what is to be served.
#pragma once

#include "emulator/cli.h"
#include "emulator/service.h"

namespace eic::emulator {

// Makes the authority where the folder has none, and a tree that stands for /sys for each instance:
// FOLDER/sys/INSTANCE_ID, for the agent's --sysfs-root. Throws EmulatorError or IssuerError.
ServiceSpec MakeServiceSpec(const ServeOptions& options, Instant now);

// Makes an authority and saves it. Throws EmulatorError when there is one.
void MakeAndSaveAuthority(const InitOptions& options, Instant now);

}  // namespace eic::emulator
