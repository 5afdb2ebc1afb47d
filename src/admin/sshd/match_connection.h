// A connection to which a Match block applies, made from its criteria, so that sshd can be asked
// what is in effect for it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "admin/sshd/sshd.h"

namespace eic::admin {

// From the words of `User alice Address 10.0.0.0/8`. nullopt if no connection can be derived:
// a criterion that -C does not know in every version, or a group without members.
std::optional<Connection> ConnectionFor(const std::vector<std::string>& words);

// Whether it may apply to a login that nobody thought of: true unless it only lists users or groups
// by name.
bool MayMeanOthers(const std::vector<std::string>& words);

}  // namespace eic::admin
