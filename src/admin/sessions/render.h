// What `sessions` prints: a table for people, JSON for programs.
#pragma once

#include <string>

#include "admin/sessions/join.h"

namespace eic::admin {

// A line for each session, times in UTC, and below it since when there are records, and what could
// not be told, and why. Of `records` the sessions themselves are not looked at.
std::string RenderSessions(const std::vector<Session>& sessions, const Records& records);

// The same, as ec2-instance-connect(8) has it. ASCII alone.
std::string RenderSessionsJson(const std::vector<Session>& sessions, const Records& records);

}  // namespace eic::admin
