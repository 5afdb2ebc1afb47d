// The sshd that runs: which options it was started with, and how it is told to read its files anew.
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

// The listener is the main process of the unit, or that of sshd's pid file; other sshd processes of
// the host are none of this program's business. A pid file may be older than the process of that
// number: only one of root's that runs the sshd that is asked is believed, since its arguments say
// which files are written.
class Daemon {
 public:
  Daemon(Layout layout, ProgramRunner& runner);

  // None where nothing runs, and always none for a tree that is not the running one.
  std::optional<RunningDaemon> Find(const SshUnit& unit);

  // The same, where systemd does not know it and its pid file is elsewhere.
  std::optional<RunningDaemon> FindByPidFile(const std::string& pid_file, const SshUnit& unit);

  // What systemd itself has as the unit's ExecStart, quotes lost: it reads folders that SshUnit
  // does not, those of generators and of `systemctl set-property`. None where it does not run, and
  // where it would read its files anew and knows less than they.
  std::optional<std::string> ExecStart(const std::string& unit);

  // Reads its files anew; open sessions go on.
  Outcome<Nothing> Reload(const RunningDaemon& daemon);

  // Starts it anew with the command line that the unit has now. Refused, with kUnchecked, where
  // that would end open sessions.
  Outcome<Nothing> Restart(const RunningDaemon& daemon);

  // Lets systemd read its units anew; nothing to do where it does not run.
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
