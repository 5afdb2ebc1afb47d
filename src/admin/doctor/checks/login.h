// Of doctor: whether sshd lets the user of --user in at all, whatever the key.
#pragma once

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
  bool shell_runs = true;   // it is there and may be executed
  bool is_locked = false;   // the password begins with `!`
  bool is_expired = false;  // the account, by shadow(5)
};

Login LookAtLogin(const std::string& name);

const Family& LoginFamily();

}  // namespace eic::admin
