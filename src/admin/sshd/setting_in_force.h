// Which line of the files sets the value that sshd reports for the ordinary login. A Match block
// may apply to that login as well (`Match User *,!root`), and only sshd knows.
#pragma once

#include <optional>
#include <string>

#include "admin/sshd/sshd.h"
#include "admin/sshd/sshd_config.h"

namespace eic::admin {

// `value`: what sshd reported; empty if nothing is set. Asks sshd again only if several Match
// blocks have that value. nullopt if no line sets it.
std::optional<Setting> SettingInForce(Sshd& sshd, const Tree& tree, const DaemonOptions& options,
                                      Setting::Keyword keyword, const std::string& value);

}  // namespace eic::admin
