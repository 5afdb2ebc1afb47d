// A plan: the changes, made on a Tree and checked with sshd before anything is written.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "admin/daemon/daemon_options.h"
#include "admin/files/tree.h"
#include "admin/slot/survey.h"

namespace eic::admin {

// The slug of the failure if sshd reports something other than what was planned.
inline constexpr std::string_view kNotEffective = "not-effective";

struct Plan {
  Tree tree;
  // With which the next start of sshd comes up.
  DaemonOptions options = {};
  Answer answer = {};  // of the tree as planned
  bool changes_unit = false;
  bool needs_restart = false;
  bool leaves_daemon = false;           // the running sshd is told nothing
  bool is_removal = false;              // the chain's program goes as well, told or not
  bool is_still_ours = false;           // sshd goes on with our agent all the same
  bool accepts_other = false;           // whatever sshd has afterwards, as long as it is not ours
  bool is_proven = true;                // by a run of sshd, where the chain's tokens ask for one
  std::vector<std::string> notes = {};  // for people
};

}  // namespace eic::admin
