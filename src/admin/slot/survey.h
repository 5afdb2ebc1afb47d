// What is: the files, the unit, the daemon, and which command counts because of which of them.
// Every subcommand begins with a survey; nothing is changed by it.
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

// What counts, and who said so.
struct Answer {
  Effective effective;
  // sshd itself; otherwise it could not tell, `why_not`, and the files were read instead.
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
  // The lines of the files that say so; none where none does, or the command line does.
  std::optional<Setting> command;
  std::optional<Setting> user;

  // Of the daemon that runs, or else of the one that would be started.
  DaemonOptions options() const { return daemon ? daemon->options : unit.options(); }
};

inline constexpr std::string_view kNoSshdConfig = "no-sshd-config";

// Fails with kUnchecked, kNoSshdConfig, where there is none; with kFailed where a file cannot be
// read or sshd does not take the configuration as it stands.
Outcome<Survey> TakeSurvey(const Outside& outside, Sshd& sshd);

// What counts for the ordinary login, in the tree as planned.
Outcome<Answer> AskOrRead(Sshd& sshd, const Tree& tree, const DaemonOptions& options);

// Where the effective value of a keyword comes from: `/etc/ssh/sshd_config:12`, or the command line
// and where that is written down. Empty where none is set.
std::string OriginOf(const Survey& survey, Setting::Keyword keyword);

// What counts for those whom a Match block means that has its own command or user.
struct MatchAnswer {
  MatchBlock block;
  std::optional<Effective> effective;  // none: nobody could be derived, or sshd could not tell
};
std::vector<MatchAnswer> AskForMatchBlocks(const Survey& survey, Sshd& sshd);

}  // namespace eic::admin
