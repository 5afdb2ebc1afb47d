// Somebody whom a Match block means, made from its criteria, so that sshd can be asked what counts
// for him.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "admin/sshd/sshd.h"

namespace eic::admin {

// From the words of `User alice Address 10.0.0.0/8`. nullopt where nobody can be derived: a
// criterion that -C of every version does not know, or a group without members.
std::optional<Connection> ConnectionFor(const std::vector<std::string>& words);

// Whether it may mean a login that nobody thought of: not one that lists users or groups by their
// names alone.
bool MayMeanOthers(const std::vector<std::string>& words);

}  // namespace eic::admin
