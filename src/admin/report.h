// What a subcommand returns: the text for people, and the exit status.
#pragma once

#include <functional>
#include <string>

#include "admin/failure.h"

namespace eic::admin {

struct Report {
  ExitStatus status = ExitStatus::kDone;
  std::string output;  // for standard output
  std::string errors;  // for standard error
  // `output` has escape sequences of ours for a terminal; the rest of it is safe for a terminal.
  bool has_colour = false;
};

// Writes one line to the audit log: who may log in has changed.
using RecordLine = std::function<void(const std::string& line)>;

}  // namespace eic::admin
