// The command line of `eic`, but for those of ssh, scp and sftp, which have grammars of their own
// (ssh/ssh_arguments.h, ssh/copy_arguments.h).
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "client/commands/commands.h"

namespace eic::client {

// Options, or the exit status where --help, --version or wrong usage was printed. `words` without
// the program's name.
std::variant<Command, int> ParseCommandLine(const std::vector<std::string>& words);

}  // namespace eic::client
