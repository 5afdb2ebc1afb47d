// Asking sshd itself: does it take a configuration, and what counts in it. A plan is asked about
// before it is carried out: its files are staged as copies, with the Include lines pointing at the
// copies, which keeps the order of files and the borders of Match blocks as they will be.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "admin/daemon/daemon_options.h"
#include "admin/files/file_system.h"
#include "admin/files/tree.h"
#include "admin/process/program_runner.h"
#include "admin/sshd/settings.h"

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
using Connection = std::string;

// Somebody whom no sensible Match block means.
Connection OrdinaryConnection();

class Sshd {
 public:
  // Takes away what earlier runs that were killed have staged; not what a `status` at the same time
  // is asking about, which holds no RunLock.
  static void RemoveStaleStages(const Layout& layout);

  Sshd(Layout layout, ProgramRunner& runner, FileSystem& files);
  ~Sshd();
  Sshd(const Sshd&) = delete;
  Sshd& operator=(const Sshd&) = delete;

  // Which sshd it is; asked once. The newest where it cannot be run.
  SshdRelease Release();

  // `sshd -t` and then `sshd -T -C`, each with the options of the daemon, on the tree as planned.
  // Fails with kFailed, `sshd-refuses`, where sshd does not take it, and with kUnchecked,
  // `sshd-cannot-check`, where sshd could not tell: it is not there, cannot be run here, or did not
  // answer in time.
  Outcome<Effective> Ask(const Tree& tree, const DaemonOptions& options,
                         const Connection& connection);

  // The same for several, each of which may fail alone: `sshd -t` runs once.
  std::vector<Outcome<Effective>> AskForEach(const Tree& tree, const DaemonOptions& options,
                                             const std::vector<Connection>& connections);

  // The same of the files on the disk, where they stand.
  Outcome<Effective> AskAsIs(const DaemonOptions& options, const Connection& connection);

  // Everything that counts, of the files on the disk. Only without a root of its own: kUnchecked
  // otherwise.
  Outcome<Settings> AskForAll(const DaemonOptions& options, const Connection& connection);

  // For a sshd that is started with a configuration of its own: a key of a host or a client whom
  // nobody knows, and a file beside it. Both go with this object. Their paths; no key where
  // ssh-keygen made none.
  std::optional<std::string> ThrowAwayKey();
  // The same of a kind of one's own, ssh-keygen's `-t` and `-b` (0: its default), made at each
  // call.
  std::optional<std::string> ThrowAwayKeyOf(const std::string& type, int bits);
  Outcome<std::string> WriteThrowAwayFile(const std::string& name, std::string_view text);

  // The files of the tree as copies, for the same; the path of the first.
  Outcome<std::string> Stage(const Tree& tree, const std::string& main_file);

  const Layout& layout() const { return layout_; }
  ProgramRunner& runner() { return runner_; }

 private:
  // Where the files of the tree can be asked about: where they stand, or as copies.
  Outcome<std::string> FileToAskAbout(const Tree& tree, const DaemonOptions& options);
  Outcome<Settings> AskForSettings(const std::string& config_file, const DaemonOptions& options,
                                   const Connection& connection);
  Outcome<Effective> AskAbout(const std::string& config_file, const DaemonOptions& options,
                              const Connection& connection);
  Outcome<std::string> RunSshd(std::vector<std::string> arguments, const DaemonOptions& options);
  bool SupplyWhatIsMissing(const std::string& complaint);
  bool MakeHostKey();
  std::optional<std::string> MakeKey(const std::string& name, const std::string& type, int bits);
  bool MakeSeparationFolder(const std::string& path);
  Outcome<std::string> StageFile(const Tree& tree, const std::string& file);
  std::optional<Failure> MakeFolder();

  Layout layout_;
  ProgramRunner& runner_;
  FileSystem& files_;
  std::string folder_;  // of the staged files and the host key, in the tree; made when needed
  int folder_lock_ = -1;
  std::string host_key_;
  std::vector<std::string> separation_folders_;
  int files_staged_ = 0;
  bool has_release_ = false;
};

}  // namespace eic::admin
