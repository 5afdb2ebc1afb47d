// A plan made real: written, checked once more where it stands, and told to the daemon. On any
// failure everything is put back.
#pragma once

#include <string>
#include <vector>

#include "admin/failure.h"
#include "admin/plan.h"
#include "admin/survey.h"

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

}  // namespace eic::admin
