// The subcommands: each takes its options and the doors to the outside, and returns what is said to
// people and the exit status.
#pragma once

#include <functional>
#include <string>

#include "admin/failure.h"
#include "admin/plan.h"
#include "admin/survey.h"

namespace eic::admin {

struct EnableOptions {
  IfTaken if_taken = IfTaken::kRefuse;  // somebody else's command
  bool if_not_disabled = false;         // for packages: not against the administrator's will
  bool no_reload = false;               // for packages: where policy-rc.d forbids it
  bool caller_environment = false;      // sessions get a label of the caller
};

struct DisableOptions {
  bool for_removal = false;  // for packages: leaves no marker
  bool no_reload = false;    // as EnableOptions has it
};

struct StatusOptions {
  bool json = false;
};

struct DoctorOptions {
  std::string user;  // whose login is looked at, too; empty: nobody's
  enum class Form { kText, kQuiet, kJson } form = Form::kText;
  bool has_colour = false;    // of kText
  bool lists_checks = false;  // instead: the table of doc/doctor.md
};

struct ExplainOptions {
  std::string user;
  std::string fingerprint;  // of the key that the client offers; empty: of any
};

struct SessionsOptions {
  bool json = false;
  std::string since = "-7d";  // as journalctl(1) takes it
};

struct Report {
  ExitStatus status = ExitStatus::kDone;
  std::string output;  // for standard output
  std::string errors;  // for standard error
  // `output` has sequences of its own for a terminal, and the rest of it is safe for one.
  bool has_colour = false;
};

// Writes one line to the audit log: who may log in has changed.
using RecordLine = std::function<void(const std::string& line)>;

Report Enable(const Outside& outside, const EnableOptions& options, const RecordLine& record);
Report Disable(const Outside& outside, const DisableOptions& options, const RecordLine& record);

// Changes nothing; fails only where there is nothing to tell.
Report Status(const Outside& outside, const StatusOptions& options);

// What makes logins fail. kFine, kWarnings or kBroken; changes nothing.
Report Doctor(const Outside& outside, const DoctorOptions& options);

// The agent's decision for one login, step by step. kDone where a key would be printed, kRefused
// where none would.
Report Explain(const Outside& outside, const ExplainOptions& options);

// Who is and was logged in, by IAM principal.
Report Sessions(const Outside& outside, const SessionsOptions& options);

}  // namespace eic::admin
