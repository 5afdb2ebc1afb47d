// The plan of `enable`: which file has to say what, so that sshd runs our command.
#pragma once

#include "admin/change/plan.h"
#include "admin/slot/displacement.h"
#include "admin/sshd/sshd.h"

namespace eic::admin {

// `intent`: one of those of enable.
Outcome<Plan> PlanEnable(const Survey& survey, Sshd& sshd, Intent intent);

}  // namespace eic::admin
