// What an agent that has been taken over might reach for. Each try is made in a process of its own
// that has confined itself, and ends after it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace eic {

struct Try {
  std::string name;
  std::function<bool()> succeeds;  // what it reached is its process's alone, or nothing
};

// Ports that listen: the endpoint's, at 127.0.0.1 and 127.0.0.2, and another one.
struct Listeners {
  std::uint16_t port = 0;
  std::uint16_t other_port = 0;
};

// In the order of the table. `store` is a file that the agent may read.
std::vector<Try> Tries(const std::string& store, const Listeners& at);

// Connects by TCP; also how the table's own listeners are known to listen.
bool Connects(const char* host, std::uint16_t port);

}  // namespace eic
