// What `explain` prints: the trace of a decision, step by step.
#pragma once

#include <string>

#include "admin/explain/trace.h"

namespace eic::admin {

// One line per step with its verdict, and below it the step's evidence; then the log lines and the
// outcome. Has no key line and no session token; text from metadata is escaped.
std::string FormatTrace(const Trace& trace, const eic::Options& options);

}  // namespace eic::admin
