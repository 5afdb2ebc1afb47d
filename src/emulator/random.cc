#include "emulator/random.h"

#include <openssl/rand.h>

#include "emulator/emulator_error.h"

namespace eic::emulator {

std::string RandomBytes(std::size_t size) {
  std::string bytes(size, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(size)) != 1) {
    throw EmulatorError("there is no randomness");
  }
  return bytes;
}

std::string RandomUuid() {
  std::string bytes = RandomBytes(16);
  bytes[6] = static_cast<char>((bytes[6] & 0x0F) | 0x40);
  bytes[8] = static_cast<char>((bytes[8] & 0x3F) | 0x80);
  std::string uuid;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) uuid.push_back('-');
    const auto byte = static_cast<unsigned char>(bytes[i]);
    uuid.push_back("0123456789abcdef"[byte >> 4U]);
    uuid.push_back("0123456789abcdef"[byte & 0x0FU]);
  }
  return uuid;
}

}  // namespace eic::emulator
