// Untrusted text made safe to stand in a log line between double quotes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace eic {

// `text` with every byte outside printable ASCII, and `"` and `\`, written as `\xHH`; at most
// `bytes_max` bytes long. A text that had to be cut ends in `...`.
std::string Printable(std::string_view text, std::size_t bytes_max);

}  // namespace eic
