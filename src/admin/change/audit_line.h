// The line of the audit log about a change of who may log in.
#pragma once

#include <string>
#include <string_view>

#include "admin/sshd/sshd.h"

namespace eic::admin {

// `sshd's AuthorizedKeysCommand was changed by enable: command="C" user="U" was="B" uid=0
// loginuid=1000`. Values are escaped and cut (core/printable.h).
std::string AuditLine(std::string_view subcommand, const Effective& before, const Effective& after);

}  // namespace eic::admin
