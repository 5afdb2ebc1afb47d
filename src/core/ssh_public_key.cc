#include "core/ssh_public_key.h"

#include <openssl/evp.h>
#include <openssl/objects.h>

#include <array>
#include <cstdlib>

#include "core/base64.h"
#include "core/bytes.h"
#include "core/limits.h"
#include "core/openssl_handles.h"

namespace eic {
namespace {

constexpr KeyType kKeyTypes[] = {
    {"ssh-rsa", KeyType::Family::kRsa, nullptr, NID_undef},
    {"ssh-ed25519", KeyType::Family::kEd25519, nullptr, NID_undef},
    {"ecdsa-sha2-nistp256", KeyType::Family::kEcdsa, "nistp256", NID_X9_62_prime256v1},
    {"ecdsa-sha2-nistp384", KeyType::Family::kEcdsa, "nistp384", NID_secp384r1},
    {"ecdsa-sha2-nistp521", KeyType::Family::kEcdsa, "nistp521", NID_secp521r1},
};
constexpr std::size_t kEd25519Bytes = 32;
constexpr std::string_view kBlanks = " \t";

struct KeyLine {
  std::string_view type;
  std::string_view base64;
};

KeyLine SplitKeyLine(std::string_view line) {
  const std::size_t type_end = line.find_first_of(kBlanks);
  if (type_end == std::string_view::npos) return {line, {}};
  const std::size_t base64_start = line.find_first_not_of(kBlanks, type_end);
  if (base64_start == std::string_view::npos) return {line.substr(0, type_end), {}};
  const std::size_t base64_end = line.find_first_of(kBlanks, base64_start);
  return {line.substr(0, type_end), line.substr(base64_start, base64_end == std::string_view::npos
                                                                  ? std::string_view::npos
                                                                  : base64_end - base64_start)};
}

Error Malformed(std::string_view why) { return Error{Reason::kKeyMalformed, std::string(why)}; }

// RFC 4251 section 5: a positive mpint in its shortest form.
bool IsPositiveMpint(std::string_view mpint) {
  if (mpint.empty()) return false;
  const auto first = static_cast<unsigned char>(mpint[0]);
  if ((first & 0x80U) != 0) return false;  // negative
  if (first != 0) return true;
  return mpint.size() > 1 && (static_cast<unsigned char>(mpint[1]) & 0x80U) != 0;
}

int BitsOf(std::string_view positive_mpint) {
  if (positive_mpint[0] == 0) positive_mpint.remove_prefix(1);
  int bits = static_cast<int>(positive_mpint.size() - 1) * 8;
  for (auto top = static_cast<unsigned char>(positive_mpint[0]); top != 0; top >>= 1) ++bits;
  return bits;
}

bool IsOdd(std::string_view mpint) { return (static_cast<unsigned char>(mpint.back()) & 1U) != 0; }

Result<Nothing> CheckRsa(SshWireCursor& parameters) {
  const auto e = parameters.NextString();
  const auto n = parameters.NextString();
  if (!e || !n) return Malformed("truncated RSA key");
  if (!IsPositiveMpint(*e) || !IsPositiveMpint(*n)) return Malformed("RSA number not canonical");
  // sshd's OpenSSL would accept no other either.
  if (!IsOdd(*e) || BitsOf(*e) < 2) return Malformed("RSA exponent");
  if (!IsOdd(*n)) return Malformed("RSA modulus is even");
  if (BitsOf(*n) < kPrintedRsaBitsMin) {
    return Error{Reason::kKeyTooSmall, "RSA " + std::to_string(BitsOf(*n)) + " bits"};
  }
  if (BitsOf(*n) > kPrintedRsaBitsMax) return Malformed("RSA modulus too large");
  return Nothing{};
}

Result<Nothing> CheckEd25519(SshWireCursor& parameters) {
  const auto point = parameters.NextString();
  if (!point || point->size() != kEd25519Bytes) return Malformed("Ed25519 key length");
  return Nothing{};
}

// RFC 5656 section 3.1. Only the uncompressed form, because OpenSSH reads no other.
Result<Nothing> CheckEcdsa(const KeyType& type, SshWireCursor& parameters) {
  const auto curve = parameters.NextString();
  const auto point = parameters.NextString();
  if (!curve || !point) return Malformed("truncated ECDSA key");
  if (*curve != type.curve) return Error{Reason::kKeyTypeMismatch, "ECDSA curve"};
  const EcGroupPtr group(EC_GROUP_new_by_curve_name(type.curve_nid));
  if (!group) return Malformed("ECDSA curve not available");
  const EcPointPtr decoded(EC_POINT_new(group.get()));
  if (!decoded) std::abort();
  const std::size_t field_bytes =
      (static_cast<std::size_t>(EC_GROUP_get_degree(group.get())) + 7) / 8;
  if (point->size() != 1 + 2 * field_bytes || (*point)[0] != POINT_CONVERSION_UNCOMPRESSED) {
    return Malformed("ECDSA point length");
  }
  // Refuses a point that is not on the curve.
  if (EC_POINT_oct2point(group.get(), decoded.get(),
                         reinterpret_cast<const unsigned char*>(point->data()), point->size(),
                         nullptr) != 1) {
    return Malformed("ECDSA point not on its curve");
  }
  return Nothing{};
}

Result<Nothing> CheckParameters(const KeyType& type, SshWireCursor& parameters) {
  switch (type.family) {
    case KeyType::Family::kRsa:
      return CheckRsa(parameters);
    case KeyType::Family::kEd25519:
      return CheckEd25519(parameters);
    case KeyType::Family::kEcdsa:
      return CheckEcdsa(type, parameters);
  }
  return Malformed("type");
}

std::optional<std::string> Digest(const EVP_MD* digest, std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> value{};
  unsigned int length = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), value.data(), &length, digest, nullptr) != 1) {
    return std::nullopt;
  }
  return std::string(reinterpret_cast<const char*>(value.data()), length);
}

std::string ColonHex(std::string_view bytes) {
  constexpr std::string_view kHexDigits = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (!text.empty()) text += ':';
    text += kHexDigits[byte >> 4];
    text += kHexDigits[byte & 0xfU];
  }
  return text;
}

}  // namespace

const KeyType* FindKeyType(std::string_view name) {
  for (const KeyType& type : kKeyTypes) {
    if (name == type.name) return &type;
  }
  return nullptr;
}

Result<SshPublicKey> ParseSshPublicKey(std::string_view line) {
  const KeyLine parts = SplitKeyLine(line);
  const KeyType* type = FindKeyType(parts.type);
  if (type == nullptr) return Error{Reason::kKeyTypeUnsupported, std::string(parts.type)};
  std::optional<std::string> wire = DecodeBase64(parts.base64);
  if (!wire || wire->empty()) return Malformed("not base64");

  SshWireCursor cursor(*wire);
  const auto wire_type = cursor.NextString();
  if (!wire_type) return Malformed("truncated key");
  if (*wire_type != parts.type) return Error{Reason::kKeyTypeMismatch, std::string(*wire_type)};
  const Result<Nothing> checked = CheckParameters(*type, cursor);
  if (!checked) return checked.error();
  if (!cursor.AtEnd()) return Malformed("bytes after the key");
  return SshPublicKey{type, std::move(*wire)};
}

Result<std::string> FingerprintOf(const SshPublicKey& key, FingerprintHash hash) {
  if (hash == FingerprintHash::kMd5) {
    const std::optional<std::string> digest = Digest(EVP_md5(), key.wire);
    if (!digest) return Error{Reason::kFingerprintUnavailable, "OpenSSL refuses MD5"};
    return "MD5:" + ColonHex(*digest);
  }
  const std::optional<std::string> digest = Digest(EVP_sha256(), key.wire);
  if (!digest) return Error{Reason::kFingerprintUnavailable, "OpenSSL refuses SHA-256"};
  std::string text = "SHA256:" + EncodeBase64(*digest);
  while (text.back() == '=') text.pop_back();
  return text;
}

std::string AuthorizedKeysLine(const SshPublicKey& key) {
  return std::string(key.type->name) + ' ' + EncodeBase64(key.wire);
}

}  // namespace eic
