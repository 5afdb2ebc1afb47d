// The plan of enable.
#pragma once

#include "admin/change/plan.h"
#include "admin/slot/displacement.h"
#include "admin/sshd/sshd.h"

namespace eic::admin {

Outcome<Plan> PlanEnable(const Survey& survey, Sshd& sshd, IfTaken if_taken);

}  // namespace eic::admin
