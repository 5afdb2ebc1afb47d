// Text of others (AWS's answers, tags, file contents) made safe for a person's terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace eic::client {

// `text` as one line: valid UTF-8 stays, and each byte of anything that could steer a terminal or
// turn the direction of writing (C0 and C1 controls, line ends, bidirectional marks, bytes that are
// no UTF-8) is written as `\xHH`. At most `bytes_max` bytes; what was cut ends in `...`.
std::string TerminalLine(std::string_view text, std::size_t bytes_max);

// The same for text of several lines: line feeds stay.
std::string TerminalLines(std::string_view text, std::size_t bytes_max);

// Columns that `text` takes on a terminal: its code points. Wide characters count as one.
std::size_t TerminalColumns(std::string_view text);

// `text` cut to `columns`, with `...` at its end where something was cut.
std::string CutToColumns(std::string_view text, std::size_t columns);

}  // namespace eic::client
