// Untrusted text made safe for a log and for a terminal. There is no other way to either.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace eic {

// For between double quotes: `text` with every byte outside printable ASCII, and `"` and `\`,
// written as `\xHH`; at most `bytes_max` bytes long. A text that had to be cut ends in `...`.
std::string Printable(std::string_view text, std::size_t bytes_max);

// For people, on lines of their own: every byte outside printable ASCII but LF is written as
// `\xHH`.
std::string PrintableLines(std::string_view text);

// The same on one line: line ends and tabs become blanks, and there are none at the end.
std::string PrintableLine(std::string_view text);

}  // namespace eic
