#include "client/signing/host_key.h"

#include <openssl/err.h>

#include "client/signing/wire.h"
#include "core/base64.h"
#include "core/ssh_public_key.h"

namespace eic::client {
namespace {

constexpr std::string_view kCertificateEnd = "-cert-v01@openssh.com";
constexpr std::size_t kEd25519SignatureBytes = 64;

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// How many strings the parameters of a type are.
int ParametersOf(const eic::KeyType& type) {
  return type.family == eic::KeyType::Family::kEd25519 ? 1 : 2;
}

// The plain key in a certificate: type, nonce, then the parameters of the plain key, then the rest.
std::optional<std::string> PlainBlob(std::string_view blob) {
  WireReader reader(blob);
  const auto type_name = reader.NextString();
  if (!type_name || type_name->size() <= kCertificateEnd.size()) return std::nullopt;
  const std::size_t plain_bytes = type_name->size() - kCertificateEnd.size();
  if (type_name->substr(plain_bytes) != kCertificateEnd) return std::nullopt;
  const std::string_view plain_name = type_name->substr(0, plain_bytes);
  const eic::KeyType* type = FindKeyType(plain_name);
  if (type == nullptr || !reader.NextString()) return std::nullopt;
  std::string plain;
  AppendString(plain, plain_name);
  for (int i = 0; i < ParametersOf(*type); ++i) {
    const auto parameter = reader.NextString();
    if (!parameter) return std::nullopt;
    AppendString(plain, *parameter);
  }
  if (reader.AtEnd()) return std::nullopt;  // a certificate says more
  return plain;
}

// One value of DER (X.690 section 8.1): tag, length, contents.
std::string Der(unsigned char tag, std::string_view contents) {
  std::string der(1, static_cast<char>(tag));
  const std::size_t size = contents.size();
  if (size < 0x80) {
    AppendByte(der, static_cast<std::uint8_t>(size));
  } else if (size < 0x100) {
    AppendByte(der, 0x81);
    AppendByte(der, static_cast<std::uint8_t>(size));
  } else {
    AppendByte(der, 0x82);  // a key has less than 64 KiB
    AppendByte(der, static_cast<std::uint8_t>(size >> 8 & 0xffU));
    AppendByte(der, static_cast<std::uint8_t>(size & 0xffU));
  }
  return der.append(contents);
}

constexpr unsigned char kSequence = 0x30;
constexpr unsigned char kInteger = 0x02;
constexpr unsigned char kBitString = 0x03;

// RFC 8017 appendix A.1.1. An mpint is what DER has for an INTEGER.
EvpPkeyPtr RsaKey(std::string_view e, std::string_view n) {
  const std::string der = Der(kSequence, Der(kInteger, n) + Der(kInteger, e));
  const unsigned char* at = Bytes(der);
  return EvpPkeyPtr(d2i_PublicKey(EVP_PKEY_RSA, nullptr, &at, static_cast<long>(der.size())));
}

// RFC 5480: SubjectPublicKeyInfo of id-ecPublicKey and the curve.
EvpPkeyPtr EcdsaKey(int curve_nid, std::string_view point) {
  constexpr std::string_view kEcPublicKey = "\x06\x07\x2a\x86\x48\xce\x3d\x02\x01";
  unsigned char* encoded = nullptr;
  const int length = i2d_ASN1_OBJECT(OBJ_nid2obj(curve_nid), &encoded);
  if (length <= 0) return nullptr;
  const OpensslBuffer owner(encoded);
  const std::string curve(reinterpret_cast<char*>(encoded), static_cast<std::size_t>(length));
  const std::string bits = std::string(1, '\0').append(point);
  const std::string der =
      Der(kSequence, Der(kSequence, std::string(kEcPublicKey) + curve) + Der(kBitString, bits));
  const unsigned char* at = Bytes(der);
  return EvpPkeyPtr(d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())));
}

// Of a blob that core has parsed.
EvpPkeyPtr KeyOf(const SshPublicKey& parsed) {
  WireReader reader(parsed.wire);
  (void)reader.NextString();  // the type
  const std::string_view first = reader.NextString().value_or("");
  switch (parsed.type->family) {
    case eic::KeyType::Family::kRsa:
      return RsaKey(first, reader.NextString().value_or(""));
    case eic::KeyType::Family::kEd25519:
      return EvpPkeyPtr(
          EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, Bytes(first), first.size()));
    case eic::KeyType::Family::kEcdsa:
      return EcdsaKey(parsed.type->curve_nid, reader.NextString().value_or(""));
  }
  return nullptr;
}

bool IsVerified(EVP_PKEY* key, const EVP_MD* digest, std::string_view signature,
                std::string_view data) {
  const EvpMdCtxPtr context(EVP_MD_CTX_new());
  if (!context) return false;
  if (EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key) != 1) return false;
  return EVP_DigestVerify(context.get(), Bytes(signature), signature.size(), Bytes(data),
                          data.size()) == 1;
}

// RFC 5656 section 3.1.2: r and s are mpints; OpenSSL wants them as DER. A negative number would
// become another one of DER, and verifies nothing.
std::optional<std::string> EcdsaDer(std::string_view signature) {
  WireReader reader(signature);
  const auto r = reader.NextString();
  const auto s = reader.NextString();
  if (!r || !s || r->empty() || s->empty() || !reader.AtEnd()) return std::nullopt;
  return Der(kSequence, Der(kInteger, *r) + Der(kInteger, *s));
}

const EVP_MD* DigestOfCurve(std::string_view type) {
  if (type == "ecdsa-sha2-nistp256") return EVP_sha256();
  if (type == "ecdsa-sha2-nistp384") return EVP_sha384();
  return EVP_sha512();
}

bool IsSigned(const HostKey& key, std::string_view algorithm, std::string_view bytes,
              std::string_view data) {
  if (key.type == "ssh-rsa") {
    if (algorithm == "rsa-sha2-512") return IsVerified(key.key.get(), EVP_sha512(), bytes, data);
    if (algorithm == "rsa-sha2-256") return IsVerified(key.key.get(), EVP_sha256(), bytes, data);
    return false;
  }
  if (algorithm != key.type) return false;
  if (key.type == "ssh-ed25519") {
    return bytes.size() == kEd25519SignatureBytes &&
           IsVerified(key.key.get(), nullptr, bytes, data);
  }
  const std::optional<std::string> der = EcdsaDer(bytes);
  return der && IsVerified(key.key.get(), DigestOfCurve(key.type), *der, data);
}

}  // namespace

std::optional<HostKey> ParseHostKey(std::string_view blob) {
  std::optional<std::string> plain = PlainBlob(blob);
  const bool is_certificate = plain.has_value();
  if (!plain) plain = std::string(blob);
  const auto type = WireReader(*plain).NextString();
  if (!type) return std::nullopt;
  Result<SshPublicKey> parsed =
      ParseSshPublicKey(std::string(*type).append(" ").append(EncodeBase64(*plain)));
  if (!parsed) return std::nullopt;
  EvpPkeyPtr key = KeyOf(*parsed);
  ERR_clear_error();
  if (!key) return std::nullopt;
  return HostKey{parsed->type->name, *plain, is_certificate, std::move(key)};
}

bool IsSignedByHost(const HostKey& key, std::string_view signature, std::string_view data) {
  WireReader reader(signature);
  const auto algorithm = reader.NextString();
  const auto bytes = reader.NextString();
  if (!algorithm || !bytes || !reader.AtEnd()) return false;
  const bool is_signed = IsSigned(key, *algorithm, *bytes, data);
  ERR_clear_error();
  return is_signed;
}

}  // namespace eic::client
