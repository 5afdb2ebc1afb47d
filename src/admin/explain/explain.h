// explain: the agent's decision for one login, as the command's user, step by step.
#pragma once

#include <string>

#include "admin/outside.h"
#include "admin/report.h"

namespace eic::admin {

struct ExplainOptions {
  std::string user;
  std::string fingerprint;  // of the key that the client offers; empty: of any
};

// kDone if the agent would print a key, kRefused if not.
Report Explain(const Outside& outside, const ExplainOptions& options);

}  // namespace eic::admin
