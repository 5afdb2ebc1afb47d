// Chain and staples for people.
#pragma once

#include <string>

#include "admin/explain/trace.h"

namespace eic::admin {

// What the evidence of step 6 holds: subjects and dates of the served chain, status and dates of
// the staples. Lines, each with its line feed.
std::string DescribeEvidence(const Trace& trace);

}  // namespace eic::admin
