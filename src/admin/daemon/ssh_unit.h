// How systemd starts sshd: the unit and its drop-ins as they stand on the disk, so that a tree
// without a running systemd can be read too, and so that every option is known by file and line.
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
  Place exec_start;                   // where the ExecStart= that counts stands
  std::string exec_start_text;        // its value, as it stands
  std::optional<Place> environment;   // the file that adds AuthorizedKeysCommand, if one does
  std::vector<std::string> drop_ins;  // those that are in force, in their order

  DaemonOptions options() const { return ParseDaemonArguments(argv); }
};

// None where no unit of sshd is found; then /etc/default/ssh and /etc/sysconfig/sshd, which init
// scripts read, make up the argument vector, and `name` is empty.
SshUnit ReadSshUnit(const Tree& tree);

}  // namespace eic::admin
