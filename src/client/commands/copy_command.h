// `eic scp`, `eic sftp` and msftp: finds the instances, and becomes scp or sftp. The ProxyCommand
// of each ssh that they start pushes its key.
#pragma once

#include <string>
#include <vector>

#include "client/outside.h"
#include "client/ssh/copy_arguments.h"

namespace eic::client {

// `words` without the program's name. Gives the exit status, where this process became nothing
// else.
int RunCopyCommand(Outside& outside, CopyProgram program, const std::vector<std::string>& words);

}  // namespace eic::client
