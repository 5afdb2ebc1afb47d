#include "tests/testkit/key_ring.h"

#include <openssl/objects.h>

#include <array>
#include <utility>

#include "core/base64.h"
#include "issuer/files.h"
#include "issuer/issuer_error.h"
#include "issuer/keys.h"

namespace eic::testkit {
namespace {

// `kind`: bits of an RSA key, or the NID of a curve or of Ed25519.
struct KeyRow {
  const char* name;
  int kind;
};

constexpr KeyRow kKeys[] = {
    {"root", 2048},
    {"intermediate", 2048},
    {"signer", 2048},
    {"responder", 2048},
    {"old-root", 2048},
    {"stranger", 2048},
    {"rsa1024", 1024},
    {"root-ec", NID_X9_62_prime256v1},
    {"intermediate-ec", NID_X9_62_prime256v1},
    {"user-ed25519", NID_ED25519},
    {"user-ed25519-b", NID_ED25519},
    {"user-rsa2048", 2048},
    {"user-rsa3072", 3072},
    {"user-rsa4096", 4096},
    {"user-ecdsa256", NID_X9_62_prime256v1},
    {"user-ecdsa384", NID_secp384r1},
    {"user-ecdsa521", NID_secp521r1},
};

EvpPkeyPtr Generate(int kind) {
  switch (kind) {
    case NID_ED25519:
      return issuer::GenerateEd25519Key();
    case NID_X9_62_prime256v1:
    case NID_secp384r1:
    case NID_secp521r1:
      return issuer::GenerateEcKey(kind);
    default:
      return issuer::GenerateRsaKey(kind);
  }
}

std::string Digest(const EVP_MD* digest, std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> value{};
  unsigned int length = 0;
  issuer::RequireOne(EVP_Digest(bytes.data(), bytes.size(), value.data(), &length, digest, nullptr),
                     "cannot digest a key");
  return std::string(value.begin(), value.begin() + length);
}

}  // namespace

EVP_PKEY* KeyRing::Get(std::string_view name) {
  const auto known = keys_.find(name);
  if (known != keys_.end()) return known->second.get();
  const std::string text = issuer::ReadFile(folder_ / (std::string(name) + ".pem"));
  EvpPkeyPtr key = issuer::ParsePrivateKeyPem(text);
  return keys_.emplace(name, std::move(key)).first->second.get();
}

std::string KeyRing::Sha256Fingerprint(std::string_view name) {
  std::string text = EncodeBase64(Digest(EVP_sha256(), issuer::SshWireKey(Get(name))));
  text.erase(text.find_last_not_of('=') + 1);
  return "SHA256:" + text;
}

std::string KeyRing::Md5Fingerprint(std::string_view name) {
  constexpr std::string_view kHexDigits = "0123456789abcdef";
  std::string text = "MD5";
  for (const char c : Digest(EVP_md5(), issuer::SshWireKey(Get(name)))) {
    const auto byte = static_cast<unsigned char>(c);
    text += ':';
    text += kHexDigits[byte >> 4];
    text += kHexDigits[byte & 0xfU];
  }
  return text;
}

std::vector<std::string> MakeMissingKeys(const std::filesystem::path& folder) {
  std::vector<std::string> made;
  std::filesystem::create_directories(folder);
  for (const KeyRow& row : kKeys) {
    const std::filesystem::path path = folder / (std::string(row.name) + ".pem");
    if (std::filesystem::exists(path)) continue;
    const EvpPkeyPtr key = Generate(row.kind);
    issuer::WriteNewFile(path, "throw-away test key\n" + issuer::PrivateKeyPem(key.get()),
                         issuer::Secrecy::kPublic);
    made.emplace_back(row.name);
  }
  return made;
}

}  // namespace eic::testkit
