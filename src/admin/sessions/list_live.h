// The sessions that are open, by loginctl.
#pragma once

#include <optional>
#include <vector>

#include "admin/sessions/join.h"
#include "admin/sessions/program_lines.h"

namespace eic::admin {

// Those of sshd; nothing where systemd-logind does not answer. A session that ends between the two
// questions makes the second one fail, and what it says then is not all: then it is asked again.
std::optional<std::vector<LiveSession>> ListLive(const LineRunner& run);

}  // namespace eic::admin
