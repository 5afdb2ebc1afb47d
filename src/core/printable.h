// Untrusted text made safe for a log and for a terminal. It reaches neither in any other way.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace eic {

// For use between double quotes: `text` with every byte outside printable ASCII, and `"` and `\`,
// written as `\xHH`; at most `bytes_max` bytes long. A text that was cut ends in `...`.
std::string Printable(std::string_view text, std::size_t bytes_max);

// For people, on lines of their own: every byte outside printable ASCII but LF is written as
// `\xHH`.
std::string PrintableLines(std::string_view text);

// The same on one line: line ends and tabs become blanks, and blanks at the end are removed.
std::string PrintableLine(std::string_view text);

}  // namespace eic
