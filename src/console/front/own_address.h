// From where an instance sees us, for words to a person.
#pragma once

#include <string>

namespace eic::console {

// The address that packets to `address` leave this machine with; where that is a private one and
// `address` is not, how to learn which one the network puts in its place. Asks the kernel alone.
std::string OwnAddressFor(const std::string& address);

// 10/8, 172.16/12, 192.168/16, 100.64/10, 169.254/16, 127/8; fc00::/7, fe80::/10, ::1.
bool IsPrivateAddress(const std::string& address);

}  // namespace eic::console
