// enable and disable: lock, recover, survey, plan, carry out, record. doc/enable.md.
#pragma once

#include "admin/outside.h"
#include "admin/report.h"
#include "admin/slot/displacement.h"

namespace eic::admin {

struct EnableOptions {
  Intent intent = Intent::kEnable;  // not kDisable
  bool if_not_disabled = false;     // for packages: not against the administrator's will
  bool no_reload = false;           // for packages: where policy-rc.d forbids it
  bool caller_environment = false;  // sessions get a label of the caller
};

struct DisableOptions {
  bool for_removal = false;  // for packages: leaves no marker
  bool no_reload = false;    // as EnableOptions has it
};

Report Enable(const Outside& outside, const EnableOptions& options, const RecordLine& record);
Report Disable(const Outside& outside, const DisableOptions& options, const RecordLine& record);

}  // namespace eic::admin
