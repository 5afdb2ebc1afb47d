// Random names that cannot be guessed, and their comparison.
#pragma once

#include <string>
#include <string_view>

namespace eic::console {

// 128 random bits as 32 hexadecimal digits. Ends the process if OpenSSL has no randomness.
std::string RandomName();

// 256 random bits as 64 hexadecimal digits.
std::string RandomSecret();

// Takes a time that does not depend on where they differ.
bool IsSameSecret(std::string_view one, std::string_view other);

}  // namespace eic::console
