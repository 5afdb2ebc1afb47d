// status: what counts and where it comes from, for people and for programs.
#pragma once

#include "admin/outside.h"
#include "admin/report.h"

namespace eic::admin {

struct StatusOptions {
  bool json = false;
};

// Changes nothing; fails only where there is nothing to tell.
Report Status(const Outside& outside, const StatusOptions& options);

}  // namespace eic::admin
