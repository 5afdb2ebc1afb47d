#include "client/signing/one_time_key.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <sys/resource.h>

#include <array>
#include <cstddef>

#include "client/signing/agent_protocol.h"
#include "client/signing/wire.h"
#include "core/base64.h"

namespace eic::client {
namespace {

constexpr int kRsaBits = 2048;
// Room for some hundred keys. Less where less may be locked: many systems allow 64 KiB.
constexpr std::size_t kSecureBytesMax = std::size_t{512} * 1024;
constexpr std::size_t kSecureBytesMin = std::size_t{32} * 1024;
constexpr std::size_t kSmallestPieceBytes = 32;

// The largest power of two that may be locked, and that we want.
std::size_t SecureBytes() {
  rlimit limit{};
  if (getrlimit(RLIMIT_MEMLOCK, &limit) != 0) return kSecureBytesMax;
  std::size_t bytes = kSecureBytesMax;
  while (bytes > kSecureBytesMin && bytes > limit.rlim_cur) bytes /= 2;
  return bytes > limit.rlim_cur ? kSecureBytesMax : bytes;
}

EvpPkeyPtr MakeEd25519() {
  const EvpPkeyCtxPtr context(EVP_PKEY_CTX_new_id(EVP_PKEY_ED25519, nullptr));
  EVP_PKEY* key = nullptr;
  if (!context || EVP_PKEY_keygen_init(context.get()) != 1) return nullptr;
  if (EVP_PKEY_keygen(context.get(), &key) != 1) return nullptr;
  return EvpPkeyPtr(key);
}

EvpPkeyPtr MakeRsa() {
  const EvpPkeyCtxPtr context(EVP_PKEY_CTX_new_id(EVP_PKEY_RSA, nullptr));
  EVP_PKEY* key = nullptr;
  if (!context || EVP_PKEY_keygen_init(context.get()) != 1) return nullptr;
  if (EVP_PKEY_CTX_set_rsa_keygen_bits(context.get(), kRsaBits) != 1) return nullptr;
  if (EVP_PKEY_keygen(context.get(), &key) != 1) return nullptr;
  return EvpPkeyPtr(key);
}

std::string Ed25519Blob(EVP_PKEY* key) {
  std::array<unsigned char, 32> point{};
  std::size_t length = point.size();
  if (EVP_PKEY_get_raw_public_key(key, point.data(), &length) != 1) return {};
  std::string blob;
  AppendString(blob, "ssh-ed25519");
  AppendString(blob, {reinterpret_cast<const char*>(point.data()), length});
  return blob;
}

// The next value of DER, as X.690 section 8.1 has it; the caller knows its tag.
std::optional<std::string_view> NextDer(std::string_view& der) {
  if (der.size() < 2) return std::nullopt;
  std::size_t length = static_cast<unsigned char>(der[1]);
  std::size_t header = 2;
  if (length >= 0x80) {
    const std::size_t more = length & 0x7fU;
    if (more > 2 || der.size() < 2 + more) return std::nullopt;
    length = 0;
    for (std::size_t i = 0; i < more; ++i) {
      length = length << 8 | static_cast<unsigned char>(der[2 + i]);
    }
    header += more;
  }
  if (der.size() - header < length) return std::nullopt;
  const std::string_view contents = der.substr(header, length);
  der.remove_prefix(header + length);
  return contents;
}

// RSAPublicKey (RFC 8017 appendix A.1.1) is a sequence of n and e, and their INTEGERs are mpints.
std::string RsaBlob(EVP_PKEY* key) {
  unsigned char* encoded = nullptr;
  const int length = i2d_PublicKey(key, &encoded);
  if (length <= 0) return {};
  const OpensslBuffer owner(encoded);
  std::string_view der(reinterpret_cast<char*>(encoded), static_cast<std::size_t>(length));
  std::optional<std::string_view> sequence = NextDer(der);
  if (!sequence) return {};
  const std::optional<std::string_view> n = NextDer(*sequence);
  const std::optional<std::string_view> e = NextDer(*sequence);
  if (!n || !e) return {};
  std::string blob;
  AppendString(blob, "ssh-rsa");
  AppendString(blob, *e);
  AppendString(blob, *n);
  return blob;
}

const EVP_MD* DigestOf(std::string_view algorithm) {
  if (algorithm == "rsa-sha2-512") return EVP_sha512();
  if (algorithm == "rsa-sha2-256") return EVP_sha256();
  return nullptr;  // Ed25519 has its own
}

}  // namespace

std::string PrepareSecureMemory() {
  if (CRYPTO_secure_malloc_initialized() == 1) return {};
  const int made = CRYPTO_secure_malloc_init(SecureBytes(), kSmallestPieceBytes);
  if (made == 1) return {};
  ERR_clear_error();
  return made == 2 ? "this system cannot lock the one-time key's memory: it may be swapped out"
                   : "no secure memory for the one-time key: it may be swapped out";
}

aws::Outcome<OneTimeKey> OneTimeKey::Make(KeyType type) {
  EvpPkeyPtr key = type == KeyType::kEd25519 ? MakeEd25519() : nullptr;
  if (!key) {
    type = KeyType::kRsa;
    key = MakeRsa();
  }
  ERR_clear_error();
  if (!key && CRYPTO_secure_malloc_initialized() == 1 && CRYPTO_secure_used() > 0) {
    return aws::Failure{"NoRoom", "the memory for one-time keys is full for now", ""};
  }
  if (!key)
    return aws::Failure{"KeyFailed", "OpenSSL could make neither an Ed25519 key nor an RSA key",
                        ""};
  std::string blob = type == KeyType::kRsa ? RsaBlob(key.get()) : Ed25519Blob(key.get());
  if (blob.empty()) return aws::Failure{"KeyFailed", "OpenSSL did not return the public key", ""};
  return OneTimeKey(type, std::move(key), std::move(blob));
}

std::string OneTimeKey::PublicLine() const {
  return std::string(type_ == KeyType::kRsa ? "ssh-rsa " : "ssh-ed25519 ") + EncodeBase64(blob_);
}

std::optional<std::string_view> OneTimeKey::AlgorithmFor(std::uint32_t flags) const {
  if (type_ == KeyType::kEd25519) return "ssh-ed25519";

  if ((flags & kFlagRsaSha512) != 0) return "rsa-sha2-512";
  if ((flags & kFlagRsaSha256) != 0) return "rsa-sha2-256";
  return std::nullopt;
}

std::optional<std::string> OneTimeKey::Sign(std::string_view data,
                                            std::string_view algorithm) const {
  const EvpMdCtxPtr context(EVP_MD_CTX_new());
  if (!context) return std::nullopt;
  const EVP_MD* digest = DigestOf(algorithm);
  const auto* bytes = reinterpret_cast<const unsigned char*>(data.data());
  std::size_t length = 0;
  std::string raw;
  bool ok = EVP_DigestSignInit(context.get(), nullptr, digest, nullptr, key_.get()) == 1;
  ok = ok && EVP_DigestSign(context.get(), nullptr, &length, bytes, data.size()) == 1;
  raw.resize(length);
  ok = ok && EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(raw.data()), &length,
                            bytes, data.size()) == 1;
  ERR_clear_error();
  if (!ok) return std::nullopt;
  raw.resize(length);
  std::string signature;
  AppendString(signature, algorithm);
  AppendString(signature, raw);
  return signature;
}

}  // namespace eic::client
