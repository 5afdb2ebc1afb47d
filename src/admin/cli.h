// What the command line says: ec2-instance-connect(8).
#pragma once

#include <string>
#include <variant>

#include "admin/change/enable_disable.h"
#include "admin/doctor/doctor.h"
#include "admin/explain/explain.h"
#include "admin/sessions/sessions.h"
#include "admin/status.h"

namespace eic::admin {

struct Options {
  std::string root;  // of the tree; empty: the running system
  std::string sshd;  // empty: that of the tree
  std::variant<EnableOptions, DisableOptions, StatusOptions, DoctorOptions, ExplainOptions,
               SessionsOptions>
      subcommand;
};

// The options, or the status to exit with: kDone after --help and --version, kUsage after wrong
// usage. In that case CLI11's text goes to stdout or stderr.
Result<Options, ExitStatus> ParseCommandLine(int argc, const char* const* argv);

}  // namespace eic::admin
