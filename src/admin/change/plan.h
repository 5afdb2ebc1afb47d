// What is to be changed, worked out on a Tree and checked with sshd before anything is written.
#pragma once

#include <string>
#include <vector>

#include "admin/daemon/daemon_options.h"
#include "admin/files/tree.h"
#include "admin/slot/survey.h"

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

}  // namespace eic::admin
