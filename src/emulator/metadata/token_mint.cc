#include "emulator/metadata/token_mint.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "core/base64.h"
#include "emulator/emulator_error.h"
#include "emulator/random.h"

namespace eic::emulator {
namespace {

constexpr std::size_t kExpiryBytes = 8;
constexpr std::size_t kNonceBytes = 8;
constexpr std::size_t kMacBytes = 24;
constexpr std::size_t kSignedBytes = kExpiryBytes + kNonceBytes;
constexpr std::size_t kSecretBytes = 32;

std::string EncodeExpiry(Instant expiry) {
  const auto value = static_cast<std::uint64_t>(expiry.unix_seconds());
  std::string bytes;
  for (unsigned shift = 64; shift > 0; shift -= 8) {
    bytes.push_back(static_cast<char>((value >> (shift - 8)) & 0xFFU));
  }
  return bytes;
}

Instant DecodeExpiry(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes.substr(0, kExpiryBytes)) {
    value = (value << 8U) | static_cast<unsigned char>(byte);
  }
  return Instant(static_cast<std::int64_t>(value));
}

}  // namespace

TokenMint::TokenMint(Clock clock) : clock_(std::move(clock)), secret_(RandomBytes(kSecretBytes)) {}

std::string TokenMint::Issue(std::int64_t ttl_seconds) const {
  const std::string bytes = EncodeExpiry(clock_() + ttl_seconds) + RandomBytes(kNonceBytes);
  return EncodeBase64(bytes + Mac(bytes));
}

bool TokenMint::IsLive(std::string_view token) const {
  const std::optional<std::string> bytes = DecodeBase64(token);
  if (!bytes || bytes->size() != kSignedBytes + kMacBytes) return false;
  const std::string mac = Mac(std::string_view(*bytes).substr(0, kSignedBytes));
  if (CRYPTO_memcmp(mac.data(), bytes->data() + kSignedBytes, kMacBytes) != 0) return false;
  return clock_() < DecodeExpiry(*bytes);
}

std::string TokenMint::Mac(std::string_view bytes) const {
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  const unsigned char* made =
      HMAC(EVP_sha256(), secret_.data(), static_cast<int>(secret_.size()),
           // cppcheck-suppress invalidLifetime ; the argument, not a local of the same name
           reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), mac, &size);
  if (made == nullptr || size < kMacBytes) throw EmulatorError("cannot make a MAC");
  return std::string(mac, mac + kMacBytes);
}

}  // namespace eic::emulator
