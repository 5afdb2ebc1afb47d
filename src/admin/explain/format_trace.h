// What `explain` prints: the trace of a decision, step by step.
#pragma once

#include <string>

#include "admin/explain/trace.h"

namespace eic::admin {

// A line a step, with its verdict and below it the evidence that it looked at; then what was
// logged, and the outcome. Holds no key line and no session token; what came from metadata is
// escaped.
std::string FormatTrace(const Trace& trace, const eic::Options& options);

}  // namespace eic::admin
