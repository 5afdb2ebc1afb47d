// status: which command is in effect and where it is set, for people and for programs.
#pragma once

#include "admin/outside.h"
#include "admin/report.h"

namespace eic::admin {

struct StatusOptions {
  bool json = false;
};

// Changes nothing; fails only if there is nothing to show.
Report Status(const Outside& outside, const StatusOptions& options);

}  // namespace eic::admin
