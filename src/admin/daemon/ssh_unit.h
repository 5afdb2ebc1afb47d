// How systemd starts sshd: the unit and its drop-ins, read from the disk. So a tree without a
// running systemd can be read too, and the file and line of every option are known.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "admin/daemon/daemon_options.h"
#include "admin/files/tree.h"
#include "admin/sshd/sshd_config.h"

namespace eic::admin {

struct SshUnit {
  std::string name;                   // ssh.service or sshd.service
  std::vector<std::string> argv;      // of ExecStart=, variables replaced
  Place exec_start;                   // where the effective ExecStart= is
  std::string exec_start_text;        // its value, unchanged
  std::optional<Place> environment;   // the file that adds AuthorizedKeysCommand, if one does
  std::vector<std::string> drop_ins;  // those that are in force, in their order

  DaemonOptions options() const { return ParseDaemonArguments(argv); }
};

// If there is no unit of sshd, `name` is empty, and the arguments come from /etc/default/ssh and
// /etc/sysconfig/sshd, which init scripts read.
SshUnit ReadSshUnit(const Tree& tree);

}  // namespace eic::admin
