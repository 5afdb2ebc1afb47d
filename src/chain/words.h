// The words of a command, divided as sshd divides AuthorizedKeysCommand. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace eic::chain {

// Blanks and tabs divide words; single and double quotes keep them together. A backslash takes the
// meaning from a quote or a backslash, and from a blank outside of quotes; before anything else it
// is a character like any other. Nothing where a quote is not closed. sshd_config(5),
// AuthorizedKeysCommand. Older sshd (7.4 to 8.4, as seen in Amazon Linux 2 and
// Debian 11) knows a quote only where a word begins, and no escaped blank.
std::optional<std::vector<std::string>> SplitCommand(std::string_view command);

}  // namespace eic::chain
