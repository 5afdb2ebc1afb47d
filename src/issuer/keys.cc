#include "issuer/keys.h"

#include <openssl/pem.h>

#include <cstdint>
#include <limits>

#include "core/base64.h"
#include "issuer/issuer_error.h"

namespace eic::issuer {
namespace {

using SequencePtr = std::unique_ptr<ASN1_SEQUENCE_ANY, void (*)(ASN1_SEQUENCE_ANY*)>;

void FreeSequence(ASN1_SEQUENCE_ANY* sequence) { sk_ASN1_TYPE_pop_free(sequence, ASN1_TYPE_free); }

EvpPkeyCtxPtr KeygenContext(int type) {
  EvpPkeyCtxPtr context(Require(EVP_PKEY_CTX_new_id(type, nullptr), "cannot make a key context"));
  RequireOne(EVP_PKEY_keygen_init(context.get()), "cannot begin to make a key");
  return context;
}

EvpPkeyPtr Keygen(EVP_PKEY_CTX* context) {
  EVP_PKEY* made = nullptr;
  const int status = EVP_PKEY_keygen(context, &made);
  EvpPkeyPtr key(made);
  RequireOne(status, "cannot make a key");
  return key;
}

std::string BioText(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return std::string(data, static_cast<std::size_t>(size));
}

// RFC 4251 section 5, "string".
std::string SshString(std::string_view bytes) {
  const auto size = static_cast<std::uint32_t>(bytes.size());
  std::string out;
  for (const unsigned shift : {24U, 16U, 8U, 0U}) {
    out.push_back(static_cast<char>((size >> shift) & 0xFFU));
  }
  return out.append(bytes);
}

// RFC 4251 section 5, "mpint", for a number that is not negative: a leading zero byte where the
// first bit is set. ASN.1 holds magnitudes without it.
std::string SshMpint(const ASN1_INTEGER* number) {
  const unsigned char* data = ASN1_STRING_get0_data(number);
  std::string magnitude(data, data + ASN1_STRING_length(number));
  if (!magnitude.empty() && (static_cast<unsigned char>(magnitude[0]) & 0x80U) != 0) {
    magnitude.insert(magnitude.begin(), '\0');
  }
  return SshString(magnitude);
}

// The public half as OpenSSL encodes it: RSAPublicKey (RFC 8017 appendix A.1.1) or an EC point.
// Only this way to the numbers is the same in OpenSSL 1.1.1 and 3.
std::string EncodedPublicKey(EVP_PKEY* key) {
  unsigned char* out = nullptr;
  const int size = i2d_PublicKey(key, &out);
  const OpensslBuffer buffer(out);
  if (size <= 0) Fail("cannot encode a public key");
  return std::string(out, out + size);
}

std::string SshWireRsa(EVP_PKEY* key) {
  const std::string der = EncodedPublicKey(key);
  const unsigned char* in = reinterpret_cast<const unsigned char*>(der.data());
  const SequencePtr numbers(
      Require(d2i_ASN1_SEQUENCE_ANY(nullptr, &in, static_cast<long>(der.size())),
              "cannot read an RSA public key"),
      FreeSequence);
  if (sk_ASN1_TYPE_num(numbers.get()) != 2) Fail("an RSA public key is not two numbers");
  const ASN1_TYPE* modulus = sk_ASN1_TYPE_value(numbers.get(), 0);
  const ASN1_TYPE* exponent = sk_ASN1_TYPE_value(numbers.get(), 1);
  return SshString("ssh-rsa") + SshMpint(exponent->value.integer) +
         SshMpint(modulus->value.integer);
}

std::string SshWireEc(EVP_PKEY* key) {
  const std::string curve = "nistp" + std::to_string(EVP_PKEY_bits(key));
  return SshString("ecdsa-sha2-" + curve) + SshString(curve) + SshString(EncodedPublicKey(key));
}

std::string SshWireEd25519(EVP_PKEY* key) {
  std::string raw(32, '\0');
  std::size_t size = raw.size();
  RequireOne(EVP_PKEY_get_raw_public_key(key, reinterpret_cast<unsigned char*>(raw.data()), &size),
             "cannot read an Ed25519 public key");
  return SshString("ssh-ed25519") + SshString(raw);
}

}  // namespace

EvpPkeyPtr GenerateRsaKey(int bits) {
  const EvpPkeyCtxPtr context = KeygenContext(EVP_PKEY_RSA);
  RequireOne(EVP_PKEY_CTX_set_rsa_keygen_bits(context.get(), bits), "cannot set the size of a key");
  return Keygen(context.get());
}

EvpPkeyPtr GenerateEcKey(int curve_nid) {
  const EvpPkeyCtxPtr context = KeygenContext(EVP_PKEY_EC);
  RequireOne(EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context.get(), curve_nid),
             "cannot set the curve of a key");
  return Keygen(context.get());
}

EvpPkeyPtr GenerateEd25519Key() { return Keygen(KeygenContext(EVP_PKEY_ED25519).get()); }

std::string PrivateKeyPem(EVP_PKEY* key) {
  const BioPtr bio(Require(BIO_new(BIO_s_mem()), "no memory"));
  RequireOne(PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr),
             "cannot write a private key");
  return BioText(bio.get());
}

EvpPkeyPtr ParsePrivateKeyPem(std::string_view pem) {
  if (pem.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    Fail("a private key is too large");
  }
  const BioPtr bio(Require(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), "no memory"));
  return EvpPkeyPtr(Require(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr),
                            "cannot read a private key"));
}

std::string SshWireKey(EVP_PKEY* key) {
  switch (EVP_PKEY_base_id(key)) {
    case EVP_PKEY_RSA:
      return SshWireRsa(key);
    case EVP_PKEY_EC:
      return SshWireEc(key);
    case EVP_PKEY_ED25519:
      return SshWireEd25519(key);
    default:
      Fail("OpenSSH has no form for this type of key");
  }
}

std::string SshPublicKeyLine(EVP_PKEY* key, std::string_view comment) {
  const std::string wire = SshWireKey(key);
  // The wire form begins with its own type as a "string" of less than 256 bytes.
  const auto type_size = static_cast<unsigned char>(wire[3]);
  std::string line = wire.substr(4, type_size);
  line.append(" ").append(EncodeBase64(wire));
  if (!comment.empty()) line.append(" ").append(comment);
  return line;
}

}  // namespace eic::issuer
