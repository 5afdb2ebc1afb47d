// Of doctor: what was asked for by a flag of its own, since it does more than look: a login.
#pragma once

#include <optional>
#include <string>

#include "admin/doctor/check.h"
#include "admin/doctor/tried/real_login.h"

namespace eic::admin {

// As a line for people: what PAM said of the account. Empty where it was not asked.
std::string AccountText(const World& world);

// As a line for people: where the login ended. Empty where none was tried.
std::string LoginText(const World& world);

const Family& TriedFamily();

}  // namespace eic::admin
