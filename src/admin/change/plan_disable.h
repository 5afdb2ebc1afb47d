// The plan of `disable`: which bytes to remove so that sshd has its former configuration.
#pragma once

#include "admin/change/plan.h"
#include "admin/sshd/sshd.h"

namespace eic::admin {

// `leave_marker`: kDisabledMarker, which keeps packages from enabling.
Outcome<Plan> PlanDisable(const Survey& survey, Sshd& sshd, bool leave_marker);

// For a system without sshd_config, where no sshd can be asked: removes what is ours anyway.
Outcome<Plan> PlanDisableWithoutConfig(const Layout& layout, bool leave_marker);

}  // namespace eic::admin
