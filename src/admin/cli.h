// What the command line says: ec2-instance-connect(8).
#pragma once

#include <string>
#include <variant>

#include "admin/commands.h"

namespace eic::admin {

struct Options {
  std::string root;  // of the tree; empty: the running system
  std::string sshd;  // empty: that of the tree
  std::variant<EnableOptions, DisableOptions, StatusOptions, DoctorOptions, ExplainOptions,
               SessionsOptions>
      command;
};

// The options, or the status to exit with: kDone after --help and --version, kUsage after wrong
// usage. Says on stdout or stderr what CLI11 has to say then.
Result<Options, ExitStatus> ParseCommandLine(int argc, const char* const* argv);

}  // namespace eic::admin
