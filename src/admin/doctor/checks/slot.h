// Of doctor: which command sshd runs for keys, and why it is that one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "admin/daemon/daemon_options.h"
#include "admin/doctor/check.h"
#include "admin/doctor/checks/slot_wrapper.h"
#include "admin/failure.h"
#include "admin/outside.h"
#include "admin/slot/displacement.h"
#include "admin/sshd/sshd.h"

namespace eic::admin {

// The command that sshd runs for keys, and why it is that one.
struct Slot {
  // sshd could not be surveyed: `no-sshd-config`, `config-broken`, or a file that cannot be read.
  std::optional<Failure> failure;
  bool lacks_user = false;    // a command without AuthorizedKeysCommandUser
  std::string why_unchecked;  // sshd could not be asked; empty: it was

  // Those of our agent, where sshd runs it itself or as a member of the chain; else sshd's.
  std::string command;
  std::string user;
  std::string in_force;  // what sshd runs, where that is the chain; else empty
  std::string in_force_user;
  std::string origin;  // of the command: file and line, or the command line
  Holder holder = Holder::kNobody;
  bool runs_agent = false;
  bool is_on_command_line = false;

  std::string our_lines;  // the file where `enable` left its lines; empty: there is none
  bool our_lines_are_read = false;
  bool is_marked_disabled = false;
  bool is_interrupted = false;
  std::string difference;  // what sshd has and no line, as it is read here, gives it
  std::optional<Wrapper> wrapper;
  // Files in the place of links whose targets are gone; as sentences.
  std::vector<std::string> links_gone = {};
  std::vector<std::string> shell_agent_programs;  // that are there, and are not our agent
};

struct SlotFacts {
  Slot slot;
  DaemonOptions options;  // of sshd, for whoever asks it more
};
// `login`: whose; empty for nobody's.
SlotFacts LookAtSlot(const Outside& outside, Sshd& sshd, const std::string& login);

const Family& SlotFamily();

}  // namespace eic::admin
