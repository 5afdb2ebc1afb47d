// Of doctor: what sshd accepts from a client that holds a pushed key.
#pragma once

#include <string>

#include "admin/doctor/check.h"
#include "admin/outside.h"

namespace eic::admin {

// `OpenSSH_9.2p1`; empty where it does not say.
std::string SshdVersion(const Outside& outside);

const Family& AcceptedFamily();

}  // namespace eic::admin
