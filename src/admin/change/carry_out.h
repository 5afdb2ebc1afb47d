// A plan made real: written, checked once more where it stands, and told to the daemon. On any
// failure everything is put back.
#pragma once

#include <string>
#include <vector>

#include "admin/change/plan.h"
#include "admin/failure.h"
#include "admin/slot/survey.h"

namespace eic::admin {

struct Carried {
  bool changed = false;
  // kUnchecked where sshd could not be asked, or must be restarted by hand; never a reason to put
  // anything back.
  ExitStatus status = ExitStatus::kDone;
  std::vector<std::string> notes;
};

// `tell_daemon`: also where no file changes, since an interrupted run may have told it something
// else.
Outcome<Carried> CarryOut(const Outside& outside, Sshd& sshd, const Survey& survey,
                          const Plan& plan, bool tell_daemon);

// The same of a plan that no sshd can be asked about: written, or nothing is.
Outcome<Carried> CarryOutUnasked(const Outside& outside, const Plan& plan);

// Lets a running sshd read the files that Recover put back: the interrupted run may have told it
// of others.
Outcome<Nothing> TellOfRecovery(const Outside& outside, const Survey& survey);

}  // namespace eic::admin
