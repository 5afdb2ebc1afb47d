// The plan of `disable`: which bytes have to go so that sshd has what it had before.
#pragma once

#include "admin/change/plan.h"
#include "admin/sshd/sshd.h"

namespace eic::admin {

// `leave_marker`: kDisabledMarker, which keeps packages from enabling.
Outcome<Plan> PlanDisable(const Survey& survey, Sshd& sshd, bool leave_marker);

// Where there is no sshd_config, so that no sshd can be asked: what is ours goes even so.
Outcome<Plan> PlanDisableWithoutConfig(const Layout& layout, bool leave_marker);

}  // namespace eic::admin
