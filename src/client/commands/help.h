// What --help and --version print.
#pragma once

#include "client/outside.h"

namespace eic::client {

enum class HelpTopic { kSsh, kScp, kSftp };

// Give the exit status.
int PrintHelp(Outside& outside, HelpTopic topic);
int PrintVersion(Outside& outside);

}  // namespace eic::client
