// Which file our block goes into: doc/enable.md, "Which files it writes".
#pragma once

#include <string>

#include "admin/change/plan.h"
#include "admin/failure.h"

namespace eic::admin {

// A drop-in, if sshd reads it for all logins and no package's line comes before it; otherwise the
// top of sshd_config itself. Fails with kRefused, `outside-etc`, if that file is not below /etc.
Outcome<Nothing> PlanBlock(const Survey& survey, const std::string& block, Plan* plan);

}  // namespace eic::admin
