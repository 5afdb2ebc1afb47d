// Carries out a plan: writes the files, checks them in place, and reloads the daemon. On any
// failure, restores every file.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "admin/change/plan.h"
#include "admin/failure.h"
#include "admin/slot/survey.h"

namespace eic::admin {

struct Carried {
  bool changed = false;
  // kUnchecked if sshd could not be asked, or must be restarted by hand. The files then stay
  // changed.
  ExitStatus status = ExitStatus::kDone;
  std::vector<std::string> notes;
  // What sshd reports, if that is not what was planned.
  std::optional<Effective> other = std::nullopt;
};

// `tell_daemon`: reload sshd even if no file changes, because it may have loaded the files of an
// interrupted run.
Outcome<Carried> CarryOut(const Outside& outside, Sshd& sshd, const Survey& survey,
                          const Plan& plan, bool tell_daemon);

// The same for a plan that no sshd can check: writes all of it or nothing.
Outcome<Carried> CarryOutUnasked(const Outside& outside, const Plan& plan);

// Makes a running sshd read the files that Recover restored, because it may have loaded those of
// the interrupted run.
Outcome<Nothing> TellOfRecovery(const Outside& outside, const Survey& survey);

}  // namespace eic::admin
