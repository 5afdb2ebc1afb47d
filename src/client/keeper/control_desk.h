// Answers the client's processes: the keeper's rules of who may ask for what.
//
// A process may ask about itself, which is or becomes ssh, and about its parent: ssh's
// ProxyCommand.
#pragma once

#include <string>
#include <string_view>

#include "client/keeper/control_protocol.h"
#include "client/keeper/key_book.h"
#include "client/system/linux_socket.h"

namespace eic::client {

// The answer to `message` of `peer`, whose user was checked, without its frame. `note` goes along
// with a key (PrepareSecureMemory).
std::string AnswerControl(std::string_view message, const Peer& peer, const std::string& note,
                          TimePoint now, KeyBook& book);

}  // namespace eic::client
