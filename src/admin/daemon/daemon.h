// The running sshd: the options that it was started with, and how to reload or restart it.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "admin/daemon/daemon_options.h"
#include "admin/daemon/ssh_unit.h"
#include "admin/failure.h"
#include "admin/layout.h"
#include "admin/process/program_runner.h"

namespace eic::admin {

struct RunningDaemon {
  pid_t pid = 0;
  std::string unit;  // empty: systemd did not start it
  DaemonOptions options;
};

// The listener is the main process of the unit, or the process in sshd's pid file. This program
// ignores all other sshd processes of the host. A pid file may be older than the process that has
// its number now. So the process counts only if root runs it and its program is the sshd that is
// asked, because its arguments decide which files are written.
class Daemon {
 public:
  Daemon(Layout layout, ProgramRunner& runner);

  // None if no sshd runs, and always none for a tree that is not the running system.
  std::optional<RunningDaemon> Find(const SshUnit& unit);

  // The same for an sshd that systemd does not know and whose pid file is elsewhere.
  std::optional<RunningDaemon> FindByPidFile(const std::string& pid_file, const SshUnit& unit);

  // The unit's ExecStart as systemd itself reports it, without quotes: systemd also reads folders
  // that SshUnit does not, those of generators and of `systemctl set-property`. None if systemd
  // does not run, or if it needs a daemon-reload, because then the files are newer than its report.
  std::optional<std::string> ExecStart(const std::string& unit);

  // Makes sshd read its files again; open sessions continue.
  Outcome<Nothing> Reload(const RunningDaemon& daemon);

  // Restarts sshd with the unit's current command line. Refuses with kUnchecked if that would end
  // open sessions.
  Outcome<Nothing> Restart(const RunningDaemon& daemon);

  // Makes systemd read its units again. Does nothing if systemd does not run.
  Outcome<Nothing> ReloadUnits();

 private:
  bool SystemdRuns() const;
  Outcome<Nothing> Systemctl(const std::vector<std::string>& arguments);
  std::string Property(const std::string& unit, const std::string& name);
  std::optional<RunningDaemon> FindUnit(const std::string& unit);
  DaemonOptions OptionsOf(pid_t pid, const SshUnit& unit) const;
  bool IsListener(pid_t pid) const;
  bool IsRootsSshd(pid_t pid) const;

  Layout layout_;
  ProgramRunner& runner_;
};

}  // namespace eic::admin
