// Of doctor: what sshd accepts from a client that holds a pushed key.
#pragma once

#include <string>

#include "admin/doctor/check.h"
#include "admin/outside.h"
#include "admin/sshd/settings.h"

namespace eic::admin {

// `OpenSSH_9.2p1`; empty where it does not say.
std::string SshdVersion(const Outside& outside);

// Why no key is accepted because of RevokedKeys: its file cannot be read. Empty: it can, or there
// is none.
std::string FaultOfRevokedKeys(const Layout& layout, const Settings& settings);

const Family& AcceptedFamily();

}  // namespace eic::admin
