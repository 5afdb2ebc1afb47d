// Base64 as RFC 4648 section 4 has it, strictly: no blanks, no line ends, full padding, and the
// unused bits of the last character are zero, so that each byte string has one encoding only.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace eic {

// The bytes that `text` encodes; nothing if it is not the canonical encoding of any bytes. The
// empty text encodes the empty string.
std::optional<std::string> DecodeBase64(std::string_view text);

// The encoding of `bytes`, padded, on one line.
std::string EncodeBase64(std::string_view bytes);

}  // namespace eic
