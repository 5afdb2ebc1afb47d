// Whose process is at the other end of a connection of this machine.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>

#include "console/front/server.h"

namespace eic::console {

// The owner of the peer's socket, as /proc/net/tcp and tcp6 have it (proc(5)). Nothing where the
// kernel does not know it: it was closed, or is in another network namespace.
std::optional<uid_t> UserOfPeer(const Ends& ends);

// The same of a table's text.
std::optional<uid_t> UserInTable(std::string_view table, const Ends& ends);

}  // namespace eic::console
