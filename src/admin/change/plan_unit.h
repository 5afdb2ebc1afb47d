// The unit's side of a plan: a command that is given on sshd's command line.
#pragma once

#include "admin/change/plan.h"
#include "admin/daemon/ssh_unit.h"
#include "admin/failure.h"

namespace eic::admin {

// Sets the shell agent's ExecStart aside, so that sshd starts with the options of the
// distribution's unit. Never writes an ExecStart: a drop-in below /etc/systemd/system gets its
// lines commented out, one elsewhere is hidden by a copy with those lines commented out. Refuses
// what carries more than the shell agent's own options.
Outcome<Nothing> FreeCommandLine(const SshUnit& unit, Plan* plan);

// The opposite. Leaves aside what would start a program that is not there any more.
void GiveBackCommandLine(Plan* plan);

}  // namespace eic::admin
