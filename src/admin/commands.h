// The subcommands: each takes its options and the doors to the outside, and returns what is said to
// people and the exit status. doctor and explain join here.
#pragma once

#include <functional>
#include <string>

#include "admin/failure.h"
#include "admin/survey.h"

namespace eic::admin {

struct EnableOptions {
  bool replace = false;          // somebody else's command too
  bool if_not_disabled = false;  // for packages: not against the administrator's will
};

struct DisableOptions {
  bool for_removal = false;  // for packages: leaves no marker
};

struct StatusOptions {
  bool json = false;
};

struct Report {
  ExitStatus status = ExitStatus::kDone;
  std::string output;  // for standard output
  std::string errors;  // for standard error
};

// Writes one line to the audit log: who may log in has changed.
using RecordLine = std::function<void(const std::string& line)>;

Report Enable(const Outside& outside, const EnableOptions& options, const RecordLine& record);
Report Disable(const Outside& outside, const DisableOptions& options, const RecordLine& record);

// Changes nothing; fails only where there is nothing to tell.
Report Status(const Outside& outside, const StatusOptions& options);

}  // namespace eic::admin
