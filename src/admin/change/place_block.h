// Which file our block goes into: doc/enable.md, "Which files are written".
#pragma once

#include <string>

#include "admin/change/plan.h"
#include "admin/failure.h"

namespace eic::admin {

// Into a drop-in where sshd reads it for all logins and no package's line comes before, otherwise
// to the top of sshd_config itself. Fails with kRefused, `outside-etc`, where that is not below
// /etc.
Outcome<Nothing> PlanBlock(const Survey& survey, const std::string& block, Plan* plan);

}  // namespace eic::admin
