// The address from which an instance sees us, for messages to a person.
#pragma once

#include <string>

namespace eic::console {

// The source address of packets from this machine to `address`. If it is private and `address` is
// not: how to find out to which address the network translates it. Asks only the kernel.
std::string OwnAddressFor(const std::string& address);

// 10/8, 172.16/12, 192.168/16, 100.64/10, 169.254/16, 127/8; fc00::/7, fe80::/10, ::1.
bool IsPrivateAddress(const std::string& address);

}  // namespace eic::console
