// Where a listener may listen.
#pragma once

#include <string>
#include <string_view>

namespace eic::emulator {

struct Address {
  std::string host;  // an IP address, IPv6 without brackets
  int port = 0;      // 0: any free one
};

// `127.0.0.1:1338` or `[::1]:1338`. Throws EmulatorError for anything else, names too.
Address ParseAddress(std::string_view text);

// 127.0.0.0/8 or ::1.
bool IsLoopback(const Address& address);

// `http://127.0.0.1:1338` or `http://[::1]:1338`.
std::string Url(const Address& address);

}  // namespace eic::emulator
