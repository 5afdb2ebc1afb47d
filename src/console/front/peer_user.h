// Which user owns the other end of a connection within this machine.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>

#include "console/front/server.h"

namespace eic::console {

// The owner of the peer's socket, as /proc/net/tcp and tcp6 have it (proc(5)). Nothing if the
// kernel does not know the socket: it was closed, or is in another network namespace.
std::optional<uid_t> UserOfPeer(const Ends& ends);

// The same from the text of a table.
std::optional<uid_t> UserInTable(std::string_view table, const Ends& ends);

}  // namespace eic::console
