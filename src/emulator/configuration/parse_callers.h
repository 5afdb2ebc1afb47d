// Who may call, in the configuration: credentials, roles, web identities, the container's role.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "emulator/api/roles.h"
#include "emulator/configuration/configuration.h"
#include "emulator/configuration/members.h"
#include "emulator/sigv4.h"

namespace eic::emulator {

// Each throws EmulatorError for what is not as configuration.h has it. `top` is the configuration;
// `instance_ids` are those of its instances.
std::vector<Credential> ParseCredentials(Members& top, const std::set<std::string>& instance_ids);
std::vector<Role> ParseRoles(Members& top, const std::set<std::string>& instance_ids);
std::vector<WebIdentityToken> ParseWebIdentityTokens(Members& top, const std::vector<Role>& roles);
std::optional<ConfiguredContainer> ParseContainer(Members& top, const std::vector<Role>& roles);

}  // namespace eic::emulator
