// The part of a plan that concerns the unit: a command on sshd's command line.
#pragma once

#include "admin/change/plan.h"
#include "admin/daemon/ssh_unit.h"
#include "admin/failure.h"
#include "admin/slot/displacement.h"

namespace eic::admin {

// Comments out the ExecStart that sets a command which gives way, so that sshd starts with the
// options of the distribution's unit. Never writes an ExecStart. In a drop-in below
// /etc/systemd/system it comments the lines out; a drop-in elsewhere is overridden by a copy with
// those lines commented out. Refuses an ExecStart with options other than the shell agent's own.
Outcome<Nothing> FreeCommandLine(const SshUnit& unit, Intent intent, Plan* plan);

// Whose command this command line has. If it sets only a user, that counts as somebody else's.
Holder HolderOnCommandLine(const Layout& layout, const DaemonOptions& options);

// The opposite of FreeCommandLine. Does not restore lines that would start a program that no longer
// exists.
void GiveBackCommandLine(Plan* plan);

}  // namespace eic::admin
