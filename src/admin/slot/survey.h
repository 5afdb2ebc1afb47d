// The current state: the files, the unit, the daemon, and which of them sets the command in effect.
// Every subcommand starts with a survey, which changes nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "admin/daemon/daemon.h"
#include "admin/daemon/ssh_unit.h"
#include "admin/files/tree.h"
#include "admin/outside.h"
#include "admin/slot/owner.h"
#include "admin/sshd/sshd.h"
#include "admin/sshd/sshd_config.h"

namespace eic::admin {

// The command in effect, and where that is known from.
struct Answer {
  Effective effective;
  // True if sshd itself was asked. Otherwise `why_not` says why it could not be asked, and the
  // files were read instead.
  bool is_from_sshd = true;
  std::string why_not;
};

struct Survey {
  Tree tree;
  SshUnit unit;
  std::optional<RunningDaemon> daemon;
  std::string main_file;
  SshdConfig config;
  Answer answer;
  // The lines of the files that set it; none if no line or the command line sets it.
  std::optional<Setting> command;
  std::optional<Setting> user;
  // The command or user that sshd reports, if this program finds no line that sets it. sshd is
  // right. Empty if the two agree.
  std::string difference = "";
  // True if `enable` had no effect through an Include that, as this program reads the files,
  // counts.
  bool distrusts_includes = false;

  // The options of the running daemon, or of the one that would be started if none runs.
  DaemonOptions options() const { return daemon ? daemon->options : unit.options(); }
};

inline constexpr std::string_view kNoSshdConfig = "no-sshd-config";

// Fails with kUnchecked, kNoSshdConfig, if there is no sshd_config; with kFailed if a file cannot
// be read or sshd rejects the current configuration.
Outcome<Survey> TakeSurvey(const Outside& outside, Sshd& sshd);

// What is in effect for the ordinary login, in the tree as planned.
Outcome<Answer> AskOrRead(Sshd& sshd, const Tree& tree, const DaemonOptions& options);

// Where the effective value of a keyword is set: `/etc/ssh/sshd_config:12`, or the command line and
// the file that has it. Empty if none is set.
std::string OriginOf(const Survey& survey, Setting::Keyword keyword);

// What is in effect for the logins of a Match block that sets its own command or user.
struct MatchAnswer {
  MatchBlock block;
  std::optional<Effective>
      effective;             // none: no such login could be derived, or sshd could not be asked
  bool is_from_sshd = true;  // otherwise the files were read: there are too many blocks
};
// Asks sshd itself about the first kMatchBlocksAskedMax blocks.
std::vector<MatchAnswer> AskForMatchBlocks(const Survey& survey, Sshd& sshd);

}  // namespace eic::admin
