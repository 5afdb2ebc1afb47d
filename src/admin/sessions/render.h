// What `sessions` prints: a table for people, JSON for programs.
#pragma once

#include <cstdint>
#include <string>

#include "admin/sessions/join.h"

namespace eic::admin {

// Microseconds since 1970 as 2026-11-29T16:50:01Z.
std::string Time(std::int64_t realtime_us);

// A line for each session, times in UTC, and below it since when there are records, and what could
// not be told, and why. Of `records` the sessions themselves are not looked at.
std::string RenderSessions(const std::vector<Session>& sessions, const Records& records);

// The same, as ec2-instance-connect(8) has it. ASCII alone.
std::string RenderSessionsJson(const std::vector<Session>& sessions, const Records& records);

}  // namespace eic::admin
