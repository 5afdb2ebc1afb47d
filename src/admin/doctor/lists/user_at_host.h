// An entry of sshd's AllowUsers and DenyUsers: `USER` or `USER@HOST` (sshd_config(5), PATTERNS of
// ssh_config(5)). `sshd -T` resolves Match for a client, and not these.
#pragma once

#include <string>

#include "admin/doctor/lists/client.h"

namespace eic::admin {

// HOST is a list with commas: addresses, networks in CIDR form and patterns, each negated by `!`;
// one that is negated and fits beats all others.
Fit FitsEntry(const std::string& entry, const std::string& user, const Client& client);

}  // namespace eic::admin
