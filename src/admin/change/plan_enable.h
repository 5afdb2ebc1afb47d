// The plan of `enable`: which file has to say what, so that sshd runs our command.
#pragma once

#include "admin/change/plan.h"
#include "admin/slot/displacement.h"
#include "admin/sshd/sshd.h"

namespace eic::admin {

Outcome<Plan> PlanEnable(const Survey& survey, Sshd& sshd, IfTaken if_taken);

}  // namespace eic::admin
