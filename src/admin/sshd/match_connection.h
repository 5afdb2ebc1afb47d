// Somebody whom a Match block means, made from its criteria, so that sshd can be asked what counts
// for him.
#pragma once

#include <optional>
#include <string_view>

#include "admin/sshd/sshd.h"

namespace eic::admin {

// From `User alice Address 10.0.0.0/8`. nullopt where nobody can be derived: a criterion that -C of
// every version does not know, or a group without members.
std::optional<Connection> ConnectionFor(std::string_view criteria);

}  // namespace eic::admin
