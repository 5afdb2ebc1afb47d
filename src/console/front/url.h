// The target in a request's first line (RFC 9112 section 3.2.1).
//
//   target := path ('?' query)?
//   query  := pair ('&' pair)*
//   pair   := name '=' value          // each percent-encoded, `+` a blank
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace eic::console {

struct Target {
  std::string path;  // decoded; empty for what is no path
  std::map<std::string, std::string> query;
};

// Accepts any bytes. Text that does not match the grammar gives an empty path; if a name comes
// twice, the first counts.
Target ParseRequestTarget(std::string_view target);

// Nothing if a `%` has no two hexadecimal digits, or for a NUL.
std::optional<std::string> DecodePercent(std::string_view text, bool plus_is_blank);

// Writes every byte except letters, digits, `-._~` and `/` as `%XX`.
std::string EncodePercent(std::string_view text);

}  // namespace eic::console
