// What a request asks for: the target of its first line (RFC 9112 section 3.2.1).
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

// Any bytes may arrive. What is not the grammar has an empty path; of a name that comes twice the
// first counts.
Target ParseRequestTarget(std::string_view target);

// Nothing for `%` without two hexadecimal digits, and for a NUL.
std::optional<std::string> DecodePercent(std::string_view text, bool plus_is_blank);

// Every byte as `%XX` but letters, digits, `-._~` and `/`.
std::string EncodePercent(std::string_view text);

}  // namespace eic::console
