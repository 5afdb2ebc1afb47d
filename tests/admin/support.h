// A host in a temporary folder: its files, a scripted systemctl, and either a double of sshd or the
// real one.
#pragma once

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "admin/change/enable_disable.h"
#include "admin/files/file_system.h"
#include "admin/layout.h"
#include "admin/process/program_runner.h"
#include "admin/slot/survey.h"
#include "admin/sshd/config_text.h"
#include "admin/sshd/sshd_config.h"
#include "admin/status.h"
#include "tests/fakes/temp_folder.h"

namespace eic::admin {

inline const std::string kStockConfig =
    "# stock\n\nInclude /etc/ssh/sshd_config.d/*.conf\n\n#AuthorizedKeysCommand none\n"
    "#AuthorizedKeysCommandUser nobody\nUsePAM no\n";
inline const std::string kStockUnit =
    "[Unit]\nDescription=sshd\n[Service]\nEnvironmentFile=-/etc/default/ssh\n"
    "ExecStart=/usr/sbin/sshd -D $SSHD_OPTS\nKillMode=process\n";

// As the public record of the shell agent's packages has them.
inline const std::string kShellAgentLines =
    "AuthorizedKeysCommand /opt/aws/bin/eic_run_authorized_keys %u %f\n"
    "AuthorizedKeysCommandUser ec2-instance-connect\n";
inline const std::string kShellAgentUnit =
    "[Service]\nExecStart=\nExecStart=/usr/sbin/sshd -D -o \"AuthorizedKeysCommand "
    "/usr/share/ec2-instance-connect/eic_run_authorized_keys %%u %%f\" -o "
    "\"AuthorizedKeysCommandUser ec2-instance-connect\" $SSHD_OPTS\n";

// Runs what is scripted; the real runner does the rest, if `is_real`.
class ScriptedRunner : public ProgramRunner {
 public:
  ProgramResult Run(const std::vector<std::string>& argv,
                    std::chrono::milliseconds time_limit) override {
    std::string line;
    for (const std::string& word : argv) line += (line.empty() ? "" : " ") + word;
    // /bin/systemctl where this machine has none.
    if (std::filesystem::path(argv[0]).filename() == "systemctl") return Systemctl(line);
    if (argv.back() == "-V") return {ProgramResult::End::kExited, 255, "", sshd_version};
    ++sshd_runs;
    if (before_run) before_run(sshd_runs);
    if (!sshd_cannot_run.empty()) {
      return {ProgramResult::End::kNotStarted, 0, "", sshd_cannot_run};
    }
    return is_real ? real_->Run(argv, time_limit) : FakeSshd(argv);
  }

  bool is_real = false;
  std::string sshd_cannot_run;  // why
  std::string sshd_version = "OpenSSH_9.2p1 Debian-2, OpenSSL 3.0.11\n";
  int sshd_runs = 0;
  std::function<void(int run)> before_run;        // of sshd, from 1
  std::string pid_file = "/run/sshd.pid";         // as the double of sshd has it
  int refuse_from_run = 0;                        // the double of sshd refuses from this run on
  std::map<std::string, std::string> properties;  // of `systemctl show`: NAME -> value
  std::map<std::string, int> systemctl_status;    // SUBCOMMAND -> exit status
  std::vector<std::string> systemctl_lines;       // what changes something

 private:
  ProgramResult Systemctl(const std::string& line) {
    std::istringstream words(line);
    std::string program, subcommand, p, name;
    words >> program >> subcommand >> p >> name;
    if (subcommand == "show") {
      return {ProgramResult::End::kExited, 0, name + "=" + properties[name] + "\n", ""};
    }
    systemctl_lines.push_back(line.substr(program.size() + 1));
    return {ProgramResult::End::kExited, systemctl_status[subcommand], "", "scripted"};
  }

  ProgramResult FakeSshd(const std::vector<std::string>& argv) {
    DaemonOptions options = ParseDaemonArguments(argv);
    const SshdConfig config = ReadSshdConfig(Tree(Layout()), options.config_file);
    const auto of = [&](Setting::Keyword keyword, const std::optional<std::string>& option) {
      const std::optional<Setting> winner = WinningSetting(config, keyword);
      return option.value_or(winner ? winner->value : "none");
    };
    const std::string command = of(Setting::Keyword::kCommand, options.Command());
    const std::string user = of(Setting::Keyword::kUser, options.User());
    const bool refuses = (refuse_from_run > 0 && sshd_runs >= refuse_from_run) ||
                         (command != "none" && user == "none");
    if (refuses) return {ProgramResult::End::kExited, 255, "", "scripted refusal"};
    return {ProgramResult::End::kExited, 0,
            "pidfile " + pid_file + "\nauthorizedkeyscommand " + command +
                "\nauthorizedkeyscommanduser " + user + "\n",
            ""};
  }

  std::unique_ptr<ProgramRunner> real_ = MakeProgramRunner();
};

// Without waiting for the disk, which the tests do not pull the plug of.
class QuickFiles : public FileSystem {
 public:
  int Fsync(int) override { return 0; }
};

class Host {
 public:
  Host() {
    layout.root = folder.path().string();
    layout.is_live = false;
    Write("/etc/ssh/sshd_config", kStockConfig);
    std::filesystem::create_directories(folder.path() / "etc/ssh/sshd_config.d");
  }

  // systemd runs sshd, with this command line.
  void Boot(const std::string& command_line = "/usr/sbin/sshd -D") {
    layout.is_live = true;
    Write("/run/systemd/system/.keep", "");
    Write("/proc/77/cmdline", "sshd: " + command_line + " [listener] 0 of 10-100 startups");
    if (!Read("/lib/systemd/system/ssh.service")) {
      Write("/lib/systemd/system/ssh.service", kStockUnit);
    }
    runner.properties = {{"ActiveState", "active"}, {"MainPID", "77"}, {"KillMode", "process"}};
  }

  // Somebody started it, without systemd; `uid` and `program` are what /proc knows of it.
  void StartByHand(const std::string& pid_file, const std::string& uid = "0",
                   const std::string& program = "/usr/sbin/sshd") {
    layout.is_live = true;
    Write(pid_file, "77\n");
    Write("/proc/77/cmdline",
          "sshd: /usr/sbin/sshd -f /etc/ssh/its [listener] 0 of 10-100 startups");
    Write("/proc/77/status", "Name:\tsshd\nUid:\t" + uid + "\t" + uid + "\t" + uid + "\t" + uid +
                                 "\nGid:\t0\t0\t0\t0\n");
    std::filesystem::create_symlink(program, folder.path() / "proc/77/exe");
    Write("/etc/ssh/its", kStockConfig);
  }

  mode_t ModeOf(const std::string& path) const {
    struct stat status {};
    return stat((layout.root + path).c_str(), &status) == 0 ? status.st_mode & 07777U : 0;
  }

  void Write(const std::string& path, const std::string& text) const {
    folder.Write(path.substr(1), text);
  }
  Contents Read(const std::string& path) const { return *ReadWhole(layout.root + path); }
  bool Has(const std::string& path) const { return Read(path).has_value(); }

  Outside outside() { return {layout, runner, files}; }
  Report EnableWith(EnableOptions options = {}) {
    return Enable(outside(), options, [this](const std::string& line) { audit.push_back(line); });
  }
  Report DisableWith(DisableOptions options = {}) {
    return Disable(outside(), options, [this](const std::string& line) { audit.push_back(line); });
  }

  // Every file below /etc, /usr and /lib with its bytes.
  std::map<std::string, std::string> Files() const {
    std::map<std::string, std::string> all;
    for (const char* top : {"etc", "usr", "lib"}) {
      if (!std::filesystem::exists(folder.path() / top)) continue;
      for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path() / top)) {
        if (entry.is_directory()) continue;
        const std::string path = entry.path().string().substr(layout.root.size());
        all[path] = Read(path).value_or("");
      }
    }
    return all;
  }

  // What counts, as the double of sshd has it.
  Effective Counts() {
    Sshd sshd(layout, runner, files);
    const Outcome<Effective> effective =
        sshd.Ask(Tree(layout), ReadSshUnit(Tree(layout)).options(), OrdinaryConnection());
    return effective ? *effective : Effective{"?", effective.error().text};
  }

  fakes::TempFolder folder;
  Layout layout;
  ScriptedRunner runner;
  QuickFiles files;
  std::vector<std::string> audit;
};

}  // namespace eic::admin
