// Unpredictable bytes and identifiers.
#pragma once

#include <cstddef>
#include <string>

namespace eic::emulator {

std::string RandomBytes(std::size_t size);

// A version 4 UUID (RFC 4122 section 4.4), lower case.
std::string RandomUuid();

}  // namespace eic::emulator
