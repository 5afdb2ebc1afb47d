// Shows chain and staples to people.
#pragma once

#include <string>

#include "admin/explain/trace.h"

namespace eic::admin {

// The evidence of step 6: subjects and dates of the served chain, status and dates of the staples.
// Lines, each with its line feed.
std::string DescribeEvidence(const Trace& trace);

}  // namespace eic::admin
