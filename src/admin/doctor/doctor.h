// doctor: gather, examine, render.
#pragma once

#include <string>

#include "admin/outside.h"
#include "admin/report.h"

namespace eic::admin {

struct DoctorOptions {
  std::string user;       // whose login is looked at, too; empty: nobody's
  std::string from;       // the address that the client comes from; empty: not told
  bool asks_pam = false;  // asks PAM about that user's account, too
  bool logs_in = false;   // tries a real login of that user, too
  enum class Form { kText, kQuiet, kJson } form = Form::kText;
  bool has_colour = false;    // of kText
  bool lists_checks = false;  // instead: the table of doc/doctor.md
};

// What makes logins fail. kFine, kWarnings or kBroken; changes nothing.
Report Doctor(const Outside& outside, const DoctorOptions& options);

}  // namespace eic::admin
