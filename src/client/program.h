// eic, mssh and msftp as a process: which of them this is, and the doors to the outside.
#pragma once

namespace eic::client {

// `argv[0]` decides: mssh is `eic ssh`, msftp is `eic sftp`. Gives the exit status.
int RunClient(int argc, const char* const* argv);

}  // namespace eic::client
