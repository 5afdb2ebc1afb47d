// Asks sshd itself: does it accept a configuration, and what is in effect in it. A plan is checked
// before it is carried out: its files are staged as copies, and the Include lines point at the
// copies. So the order of files and the borders of Match blocks are as they will be.
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

// The login that a configuration is asked about: `user=U,host=H,addr=A,laddr=A,lport=P` of sshd -C.
using Connection = std::string;

// A login to which no sensible Match block applies.
Connection OrdinaryConnection();

class Sshd {
 public:
  // Deletes what earlier runs staged before they were killed, but not what a concurrent `status`,
  // which holds no RunLock, is using.
  static void RemoveStaleStages(const Layout& layout);

  Sshd(Layout layout, ProgramRunner& runner, FileSystem& files);
  ~Sshd();
  Sshd(const Sshd&) = delete;
  Sshd& operator=(const Sshd&) = delete;

  // The release of this sshd; asked once. The newest if sshd cannot be run.
  SshdRelease Release();

  // `sshd -t` and then `sshd -T -C`, each with the options of the daemon, on the tree as planned.
  // Fails with kFailed, `sshd-refuses`, if sshd rejects it; with kUnchecked, `sshd-cannot-check`,
  // if sshd could not check it: it does not exist, cannot be run here, or did not answer in time.
  Outcome<Effective> Ask(const Tree& tree, const DaemonOptions& options,
                         const Connection& connection);

  // The same for several, each of which may fail alone: `sshd -t` runs once.
  std::vector<Outcome<Effective>> AskForEach(const Tree& tree, const DaemonOptions& options,
                                             const std::vector<Connection>& connections);

  // The same for the files on the disk, in place.
  Outcome<Effective> AskAsIs(const DaemonOptions& options, const Connection& connection);

  // Everything in effect in the files on the disk. Only for the running system, without --root;
  // otherwise fails with kUnchecked.
  Outcome<Settings> AskForAll(const DaemonOptions& options, const Connection& connection);

  // For an sshd that is started with a configuration of its own: a throw-away key of a host or a
  // client, and a file beside it. Both are deleted with this object. Returns their paths; no key if
  // ssh-keygen made none.
  std::optional<std::string> ThrowAwayKey();
  // The same with a chosen type, ssh-keygen's `-t` and `-b` (0: its default); makes a new key at
  // each call.
  std::optional<std::string> ThrowAwayKeyOf(const std::string& type, int bits);
  Outcome<std::string> WriteThrowAwayFile(const std::string& name, std::string_view text);

  // The files of the tree as copies, for the same purpose; returns the path of the first.
  Outcome<std::string> Stage(const Tree& tree, const std::string& main_file);

  const Layout& layout() const { return layout_; }
  ProgramRunner& runner() { return runner_; }

 private:
  // Where sshd can read the files of the tree: in place, or as copies.
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
