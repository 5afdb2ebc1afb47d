// The plan of `enable`: which lines of which files make sshd run our command.
#pragma once

#include <string>

#include "admin/change/plan.h"
#include "admin/slot/displacement.h"
#include "admin/sshd/sshd.h"

namespace eic::admin {

// `intent`: one of those of enable. `labels`: the sessions get a label of the caller
// (admin/sessions/caller_environment.h).
Outcome<Plan> PlanEnable(const Survey& survey, Sshd& sshd, Intent intent, bool labels = false);

}  // namespace eic::admin
