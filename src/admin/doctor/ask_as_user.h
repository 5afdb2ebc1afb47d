// Of doctor: what the command's user meets. The questions of the families are asked in a process of
// that user, which answers in JSON.
#pragma once

#include <string>

#include "admin/process/as_user.h"
#include "agent/options.h"

namespace eic::admin {

struct World;

// Whether it could be asked.
struct AskedAsUser {
  std::string why_not;      // nothing was asked; empty: it was
  bool has_failed = false;  // because it could not be done, though there was somebody to ask as
};

// Asks as `account`, and writes the answers of the families, and `world->as_user`. `agent` holds
// the options of the command; its user is the login's, empty for none.
void AskAsUser(const Account& account, const std::string& program, const eic::Options& agent,
               World* world);

}  // namespace eic::admin
