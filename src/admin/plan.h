// What is to be changed, worked out on a Tree and checked with sshd before anything is written.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "admin/failure.h"
#include "admin/survey.h"

namespace eic::admin {

struct Plan {
  Tree tree;
  // With which the next start of sshd comes up.
  DaemonOptions options = {};
  Answer answer = {};  // of the tree as planned
  bool changes_unit = false;
  bool needs_restart = false;
  bool leaves_daemon = false;           // the running sshd is told nothing
  bool is_removal = false;              // the chain's program goes as well, told or not
  bool is_proven = true;                // by a run of sshd, where the chain's tokens ask for one
  std::vector<std::string> notes = {};  // for people
};

// Sets the shell agent's ExecStart aside, so that sshd starts with the options of the
// distribution's unit. Never writes an ExecStart: a drop-in below /etc/systemd/system gets its
// lines commented out, one elsewhere is hidden by a copy with those lines commented out. Refuses
// what carries more than the shell agent's own options.
Outcome<Nothing> FreeCommandLine(const SshUnit& unit, Plan* plan);

// The opposite. Leaves aside what would start a program that is not there any more.
void GiveBackCommandLine(Plan* plan);

// What is done where somebody else's command is in the slot.
enum class IfTaken { kRefuse, kReplace, kChain };

// `labels`: the text of `sshd -V`, where the sessions get a label of the caller
// (admin/sessions/caller_environment.h).
Outcome<Plan> PlanEnable(const Survey& survey, Sshd& sshd, IfTaken if_taken,
                         const std::optional<std::string>& labels = std::nullopt);

// `leave_marker`: kDisabledMarker, which keeps packages from enabling.
Outcome<Plan> PlanDisable(const Survey& survey, Sshd& sshd, bool leave_marker);

// Where there is no sshd_config, so that no sshd can be asked: what is ours goes even so.
Outcome<Plan> PlanDisableWithoutConfig(const Layout& layout, bool leave_marker);

}  // namespace eic::admin
