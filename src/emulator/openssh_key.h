// Which public keys the service takes.
#pragma once

#include <string>
#include <string_view>
#include <variant>

namespace eic::emulator {

// A key that the service delivers: `TYPE BASE64`, perhaps a blank and a comment; no line end.
struct AcceptedKey {
  std::string line;
};

// Why it is refused, in words for the person who pushed it.
struct RefusedKey {
  std::string problem;
};

// RSA with 2048, 3072 or 4096 bits and Ed25519, as OpenSSH writes them (a `.pub` file), blanks and
// line ends around the one line allowed.
std::variant<AcceptedKey, RefusedKey> CheckPublicKey(std::string_view text);

}  // namespace eic::emulator
