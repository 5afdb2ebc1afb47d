// Findings for people, for the log, for programs; and the checks as the table of doc/doctor.md.
#pragma once

#include <string>
#include <vector>

#include "admin/doctor/check.h"
#include "admin/doctor/world.h"
#include "admin/failure.h"

namespace eic::admin {

std::string RenderText(const World& world, const std::vector<Finding>& findings, bool has_colour);

// `LEVEL ID: FAULT: SEEN`, a line each; nothing where there is none.
std::string RenderQuiet(const std::vector<Finding>& findings);

// The schema stands in doc/doctor.md.
std::string RenderJson(const World& world, const std::vector<Finding>& findings);

// Markdown.
std::string RenderChecks();

ExitStatus StatusOf(const std::vector<Finding>& findings);

}  // namespace eic::admin
