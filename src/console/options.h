// The command line of eic-console; doc/eic-console.1.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>

#include "console/limits.h"

namespace eic::console {

struct Options {
  std::string profile;
  std::string region;
  std::string endpoint_url;
  std::string ca_bundle;
  std::uint16_t port = 0;  // 0: a free one
  bool opens_browser = false;
  bool is_verbose = false;
  std::chrono::seconds idle_max = kIdleTimeDefault;
};

// The options, or the exit status if the output is already printed (help, version, wrong usage).
std::variant<Options, int> ParseOptions(int argc, const char* const* argv);

}  // namespace eic::console
