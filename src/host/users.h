// The users of this host, as NSS knows them (local files, SSSD, LDAP). doc/design.md step 2.
#pragma once

#include <string>

#include "core/result.h"

namespace eic {

// The name of the user as NSS spells it. Fails with kUserUnknown, or with kUserLookupFailed if NSS
// had no answer.
Result<std::string> LookUpUser(const std::string& name);

}  // namespace eic
