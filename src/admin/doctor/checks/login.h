// Of doctor: whether sshd lets the user of --user in at all, whatever the key.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "admin/doctor/check.h"
#include "admin/doctor/checks/verdict.h"

namespace eic::admin {

// The user whose login is looked at, by --user.
struct Login {
  std::string asked;
  Verdict name_error;    // no key can be pushed for such a name
  Verdict lookup_error;  // NSS knows no such user, or cannot tell
  std::string name;      // as NSS spells it
  std::vector<std::string> groups;
  std::string shell;
  bool shell_runs = true;  // it is there and may be executed
  bool is_locked = false;  // the password begins with `!`
  // Since the day on which the account ends, by shadow(5); none: it does not end.
  std::optional<long> days_past_expiry = std::nullopt;
  std::string password_due = {};  // why the password must be changed; empty: it need not be
  std::string home = {};
  uid_t uid = 0;

  // Whether NSS knows it, under a name that a key can be pushed for.
  bool IsKnown() const { return name_error.IsFine() && lookup_error.IsFine(); }
};

// What shadow(5) comes to on a day since 1970: `its last change is set to 0`, `it was changed 90
// days ago, and may be 60 days old`; empty where it need not be changed.
std::string WhyDue(long last_change, long days_max, long today);

Login LookAtLogin(const std::string& name);

const Family& LoginFamily();

}  // namespace eic::admin
