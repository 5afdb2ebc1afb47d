// Whose rights the process runs with. doc/design.md, "Confinement".
#pragma once

#include <optional>
#include <string>

#include "core/result.h"

namespace eic {

// The user that sshd_config names as AuthorizedKeysCommandUser.
inline constexpr const char* kCommandUser = "ec2-instance-connect";

// Started as root, the process becomes kCommandUser for good. Otherwise it gives up the
// supplementary groups that it inherited, and all capabilities, as far as it may.
//
// Fails with kRunsAsRoot if there is no such user. The value is empty, or says what it had to keep:
// some versions of sshd pass on their own groups, and only root can drop them.
Result<std::string> GiveUpPrivileges();

}  // namespace eic
