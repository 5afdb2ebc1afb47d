// Which public keys the service takes.
#pragma once

#include <string>
#include <string_view>
#include <variant>

namespace eic::emulator {

// A key as the service delivers it, whatever it was pushed as: `TYPE BASE64`, perhaps a blank and a
// comment; no line end.
struct AcceptedKey {
  std::string line;
};

// Why it is refused, in words for the person who pushed it.
struct RefusedKey {
  std::string problem;
};

// RSA with 2048, 3072 or 4096 bits and Ed25519, as OpenSSH writes them (a `.pub` file) or as SSH2
// text (RFC 4716), blanks and line ends around it allowed.
std::variant<AcceptedKey, RefusedKey> CheckPublicKey(std::string_view text);

}  // namespace eic::emulator
