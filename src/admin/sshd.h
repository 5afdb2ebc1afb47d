// Asking sshd itself: does it take a configuration, and what counts in it. A plan is asked about
// before it is carried out: its files are staged as copies, with the Include lines pointing at the
// copies, which keeps the order of files and the borders of Match blocks as they will be.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "admin/command_runner.h"
#include "admin/daemon_options.h"
#include "admin/file_system.h"
#include "admin/tree.h"

namespace eic::admin {

// The command and its user, as for one login, and where the daemon writes its process id; empty
// where none is set.
struct Effective {
  std::string command;
  std::string user;
  std::string pid_file = "";

  bool IsWanted() const;
};

// Whom a configuration is asked about: `user=U,host=H,addr=A,laddr=A,lport=P` of sshd -C.
using Probe = std::string;

// Somebody whom no sensible Match block means.
Probe OrdinaryProbe();

// What `sshd -T` prints: keyword in lower case -> the values of its lines, in order.
using Settings = std::map<std::string, std::vector<std::string>>;

class Sshd {
 public:
  // Takes away what earlier runs that were killed have staged; not what a `status` at the same time
  // is asking about, which holds no RunLock.
  static void RemoveStaleStages(const Layout& layout);

  Sshd(Layout layout, CommandRunner& runner, FileSystem& files);
  ~Sshd();
  Sshd(const Sshd&) = delete;
  Sshd& operator=(const Sshd&) = delete;

  // `sshd -t` and then `sshd -T -C`, each with the options of the daemon, on the tree as planned.
  // Fails with kFailed, `sshd-refuses`, where sshd does not take it, and with kUnchecked,
  // `sshd-cannot-check`, where sshd could not tell: it is not there, cannot be run here, or did not
  // answer in time.
  Outcome<Effective> Ask(const Tree& tree, const DaemonOptions& options, const Probe& probe);

  // The same of the files on the disk, where they stand.
  Outcome<Effective> AskAsIs(const DaemonOptions& options, const Probe& probe);

  // Everything that counts, of the files on the disk. Only without a root of its own: kUnchecked
  // otherwise.
  Outcome<Settings> AskForAll(const DaemonOptions& options, const Probe& probe);

  // That this sshd replaces all tokens of `command`, a command of the chain: it is started once, on
  // a pipe, with a configuration of that command alone, and a login is tried that ends there. Fails
  // with kFailed, `token-unknown`, where it does not know one, which `sshd -t` does not say and
  // every login would end by; with kUnchecked, `tokens-unproven`, where that cannot be tried here.
  Outcome<Nothing> ProveTokens(const std::string& command);

 private:
  Outcome<std::string> TryLogin(const std::string& command, const std::string& use_pam);
  Outcome<std::string> EffectiveText(const std::string& config_file, const DaemonOptions& options,
                                     const Probe& probe);
  Outcome<Effective> AskAbout(const std::string& config_file, const DaemonOptions& options,
                              const Probe& probe);
  Outcome<std::string> RunSshd(std::vector<std::string> arguments, const DaemonOptions& options);
  bool SupplyWhatIsMissing(const std::string& complaint);
  bool MakeHostKey();
  bool MakeSeparationFolder(const std::string& path);
  Outcome<std::string> Stage(const Tree& tree, const std::string& main_file);
  Outcome<std::string> StageFile(const Tree& tree, const std::string& file, int depth);
  std::optional<Failure> MakeFolder();

  Layout layout_;
  CommandRunner& runner_;
  FileSystem& files_;
  std::string folder_;  // of the staged files and the host key, in the tree; made when needed
  int folder_lock_ = -1;
  std::string host_key_;
  std::vector<std::string> separation_folders_;
  int files_staged_ = 0;
};

}  // namespace eic::admin
