// Whose rights the process runs with. doc/design.md, "Confinement".
#pragma once

#include <optional>
#include <string>

#include "core/result.h"

namespace eic {

// The user that sshd_config names as AuthorizedKeysCommandUser.
inline constexpr const char* kCommandUser = "ec2-instance-connect";

// Started as root, the process becomes kCommandUser, for good. Otherwise it gives up the groups
// that it inherited beside its own, and all capabilities, as far as it may.
//
// Fails with kRunsAsRoot where there is no such user. The value is empty, or says what had to be
// kept: some versions of sshd hand their own groups down, and who is not root cannot drop them.
Result<std::string> GiveUpPrivileges();

}  // namespace eic
