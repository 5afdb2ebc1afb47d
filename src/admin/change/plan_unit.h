// The unit's side of a plan: a command that is given on sshd's command line.
#pragma once

#include "admin/change/plan.h"
#include "admin/daemon/ssh_unit.h"
#include "admin/failure.h"
#include "admin/slot/displacement.h"

namespace eic::admin {

// Sets the ExecStart of a command that gives way aside, so that sshd starts with the options of the
// distribution's unit. Never writes an ExecStart: a drop-in below /etc/systemd/system gets its
// lines commented out, one elsewhere is hidden by a copy with those lines commented out. Refuses
// what carries more than the shell agent's own options.
Outcome<Nothing> FreeCommandLine(const SshUnit& unit, Intent intent, Plan* plan);

// Whose command stands on this command line. One that has a user alone is somebody's.
Holder HolderOnCommandLine(const Layout& layout, const DaemonOptions& options);

// The opposite of FreeCommandLine. Leaves aside what would start a program that is not there any
// more.
void GiveBackCommandLine(Plan* plan);

}  // namespace eic::admin
