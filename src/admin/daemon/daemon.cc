#include "admin/daemon/daemon.h"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <climits>
#include <cstring>
#include <string_view>
#include <vector>

#include "admin/files/file_system.h"
#include "admin/limits.h"

namespace eic::admin {
namespace {

constexpr std::string_view kDeleted = " (deleted)";  // as proc(5) has it

// Debian before the merge of /bin and /usr/bin has it in the second place only.
std::string SystemctlPath() {
  const std::string path = "/usr/bin/systemctl";
  return access(path.c_str(), X_OK) == 0 ? path : "/bin/systemctl";
}

pid_t ParsePid(std::string_view text) {
  pid_t pid = 0;
  const std::size_t begin = text.find_first_not_of(" \t\n");
  if (begin == std::string_view::npos) return 0;
  std::from_chars(text.data() + begin, text.data() + text.size(), pid);
  return pid;
}

std::vector<std::string> SplitAtNul(const std::string& text) {
  std::vector<std::string> words;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.size(), text.find('\0', at));
    words.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::string ReadLink(const std::string& path) {
  std::array<char, PATH_MAX> target{};
  const ssize_t length = readlink(path.c_str(), target.data(), target.size());
  return length > 0 ? std::string(target.data(), static_cast<std::size_t>(length)) : "";
}

std::string CommandLineOf(const Layout& layout, pid_t pid) {
  const Outcome<std::optional<std::string>> text =
      ReadWhole(layout.Real("/proc/" + std::to_string(pid) + "/cmdline"));
  return text && *text ? **text : "";
}

}  // namespace

Daemon::Daemon(Layout layout, ProgramRunner& runner)
    : layout_(std::move(layout)), runner_(runner) {}

bool Daemon::SystemdRuns() const {
  struct stat status {};
  return layout_.is_live && stat(layout_.Real("/run/systemd/system").c_str(), &status) == 0;
}

Outcome<Nothing> Daemon::Systemctl(const std::vector<std::string>& arguments) {
  std::vector<std::string> argv = {SystemctlPath()};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  const ProgramResult result = runner_.Run(argv, kServiceTimeMax);
  if (result.Succeeded()) return Nothing{};
  return Failure{ExitStatus::kFailed, "systemctl-failed", Joined(argv) + ": " + result.errors};
}

std::string Daemon::Property(const std::string& unit, const std::string& name) {
  // Not --value: systemd 219 of Amazon Linux 2 does not know it.
  const ProgramResult result =
      runner_.Run({SystemctlPath(), "show", "-p", name, unit}, kServiceTimeMax);
  const std::string prefix = name + "=";
  if (!result.Succeeded() || result.output.compare(0, prefix.size(), prefix) != 0) return "";
  return result.output.substr(prefix.size(), result.output.find('\n') - prefix.size());
}

bool Daemon::IsListener(pid_t pid) const {
  const std::string line = CommandLineOf(layout_, pid);
  if (line.find("[listener]") != std::string::npos) return true;
  const std::vector<std::string> argv = SplitAtNul(line);
  const std::string name = argv.empty() ? "" : argv[0];
  return name == "sshd" || (name.size() > 5 && name.compare(name.size() - 5, 5, "/sshd") == 0);
}

bool Daemon::IsRootsSshd(pid_t pid) const {
  const std::string folder = layout_.Real("/proc/" + std::to_string(pid));
  // Not the owner of the folder, which is root for anyone who runs a setuid program.
  const Outcome<std::optional<std::string>> status = ReadWhole(folder + "/status");
  if (!status || !*status || (**status).find("\nUid:\t0\t0\t0\t0\n") == std::string::npos) {
    return false;
  }
  std::string program = ReadLink(folder + "/exe");
  const std::size_t deleted = program.rfind(kDeleted);
  // For an sshd that still runs after an upgrade.
  if (deleted != std::string::npos && deleted + kDeleted.size() == program.size()) {
    program.erase(deleted);
  }
  // With --sshd, which may be a wrapper, the daemon is still the system's.
  for (const std::string& sshd : {layout_.sshd, Layout().sshd}) {
    if (!program.empty() && (program == sshd || program == FollowLinks(sshd))) return true;
  }
  return false;
}

DaemonOptions Daemon::OptionsOf(pid_t pid, const SshUnit& unit) const {
  const std::string line = CommandLineOf(layout_, pid);
  const std::vector<std::string> argv = SplitAtNul(line);
  const bool is_title = line.compare(0, 6, "sshd: ") == 0;
  if (!is_title) return ParseDaemonArguments(argv);
  // A title has no borders between arguments; the unit has them, if it is the same command line.
  const std::string title = argv.empty() ? "" : argv[0];
  const std::size_t listener = title.find(" [listener]");
  const bool is_cut = listener == std::string::npos;
  const std::string told = title.substr(6, is_cut ? listener : listener - 6);
  const std::string expected = Joined(unit.argv);
  if (told == expected || (is_cut && expected.compare(0, told.size(), told) == 0)) {
    return unit.options();
  }
  return ParseDaemonTitle(title);
}

std::optional<RunningDaemon> Daemon::FindUnit(const std::string& unit) {
  const std::string state = Property(unit, "ActiveState");
  if (state != "active" && state != "reloading") return std::nullopt;
  const pid_t pid = ParsePid(Property(unit, "MainPID"));
  if (pid <= 0) return std::nullopt;
  return RunningDaemon{pid, unit, {}};
}

std::optional<RunningDaemon> Daemon::Find(const SshUnit& unit) {
  if (!layout_.is_live) return std::nullopt;
  std::optional<RunningDaemon> daemon;
  if (SystemdRuns()) {
    for (const std::string& name :
         {unit.name, std::string("ssh.service"), std::string("sshd.service")}) {
      if (!daemon && !name.empty()) daemon = FindUnit(name);
    }
  }
  if (daemon) daemon->options = OptionsOf(daemon->pid, unit);
  for (const char* path : {"/run/sshd.pid", "/var/run/sshd.pid"}) {
    if (!daemon) daemon = FindByPidFile(path, unit);
  }
  return daemon;
}

std::optional<RunningDaemon> Daemon::FindByPidFile(const std::string& pid_file,
                                                   const SshUnit& unit) {
  if (!layout_.is_live) return std::nullopt;
  const Outcome<std::optional<std::string>> text = ReadWhole(layout_.Real(pid_file));
  const pid_t pid = text && *text ? ParsePid(**text) : 0;
  if (pid <= 0 || !IsListener(pid) || !IsRootsSshd(pid)) return std::nullopt;
  return RunningDaemon{pid, "", OptionsOf(pid, unit)};
}

std::optional<std::string> Daemon::ExecStart(const std::string& unit) {
  if (unit.empty() || !SystemdRuns() || Property(unit, "NeedDaemonReload") != "no") {
    return std::nullopt;
  }
  // { path=/usr/sbin/sshd ; argv[]=/usr/sbin/sshd -D $SSHD_OPTS ; ignore_errors=no ; ... }
  const std::string text = Property(unit, "ExecStart");
  constexpr std::string_view kWords = "argv[]=";
  const std::size_t begin = text.find(kWords);
  const std::size_t end = text.find(" ; ignore_errors=");
  if (begin == std::string::npos || end == std::string::npos) return std::nullopt;
  return text.substr(begin + kWords.size(), end - begin - kWords.size());
}

Outcome<Nothing> Daemon::ReloadUnits() {
  if (!SystemdRuns()) return Nothing{};
  return Systemctl({"daemon-reload"});
}

Outcome<Nothing> Daemon::Reload(const RunningDaemon& daemon) {
  if (!daemon.unit.empty()) return Systemctl({"reload", daemon.unit});
  if (kill(daemon.pid, SIGHUP) == 0) return Nothing{};
  return Failure{ExitStatus::kFailed, "reload-failed",
                 "cannot send SIGHUP to sshd: " + std::string(std::strerror(errno))};
}

Outcome<Nothing> Daemon::Restart(const RunningDaemon& daemon) {
  const std::string by_hand = "sshd keeps its old command line until it is restarted: ";
  if (daemon.unit.empty()) {
    return Failure{ExitStatus::kUnchecked, "restart-needed", by_hand + "systemd does not run it"};
  }
  const std::string kill_mode = Property(daemon.unit, "KillMode");
  if (kill_mode != "process" && kill_mode != "none") {
    return Failure{ExitStatus::kUnchecked, "restart-needed",
                   by_hand + "KillMode=" + kill_mode + " of " + daemon.unit +
                       " would end open sessions; run `systemctl restart " + daemon.unit + "`"};
  }
  return Systemctl({"restart", daemon.unit});
}

}  // namespace eic::admin
