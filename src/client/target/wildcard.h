// Patterns as ssh_config has them: `*` any bytes, `?` one byte, all else itself.
#pragma once

#include <string_view>

namespace eic::client {

// Whether `pattern` describes the whole of `text`. Takes at most the product of their lengths.
bool MatchesWildcard(std::string_view pattern, std::string_view text);

}  // namespace eic::client
