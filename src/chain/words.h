// The words of a command, divided as sshd divides AuthorizedKeysCommand. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace eic::chain {

// Blanks and tabs divide words; single and double quotes keep them together. A backslash makes a
// quote, a backslash, or a blank outside of quotes literal; before anything else it is an ordinary
// character. Nothing if a quote is not closed. sshd_config(5),
// AuthorizedKeysCommand. Older sshd (7.4 to 8.4, as seen in Amazon Linux 2 and
// Debian 11) knows a quote only where a word begins, and no escaped blank.
std::optional<std::vector<std::string>> SplitCommand(std::string_view command);

}  // namespace eic::chain
