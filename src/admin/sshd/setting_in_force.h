// Which line of the files it is because of which sshd says what it says for the ordinary login. A
// Match block may mean that login as well (`Match User *,!root`), and only sshd knows.
#pragma once

#include <optional>
#include <string>

#include "admin/sshd/sshd.h"
#include "admin/sshd/sshd_config.h"

namespace eic::admin {

// `value`: what sshd said; empty where none counts. sshd is asked again only where several Match
// blocks have that value. nullopt where no line says it.
std::optional<Setting> SettingInForce(Sshd& sshd, const Tree& tree, const DaemonOptions& options,
                                      Setting::Keyword keyword, const std::string& value);

}  // namespace eic::admin
