#include "client/signing/host_key.h"

#include <gtest/gtest.h>
#include <openssl/ec.h>
#include <openssl/pem.h>

#include <array>
#include <fstream>

#include "tests/client/wire_samples.h"

namespace eic::client {
namespace {

struct Curve {
  const char* file;  // of tests/testkit/keys, throw-away
  const char* name;
  std::size_t point_bytes;
  const EVP_MD* (*digest)();
};

constexpr Curve kCurves[] = {
    {"user-ecdsa256.pem", "nistp256", 65, EVP_sha256},
    {"user-ecdsa384.pem", "nistp384", 97, EVP_sha384},
    {"user-ecdsa521.pem", "nistp521", 133, EVP_sha512},
};

EvpPkeyPtr ReadKey(const Curve& curve) {
  const std::string path = std::string(EIC_SOURCE_DIR) + "/tests/testkit/keys/" + curve.file;
  const BioPtr file(BIO_new_file(path.c_str(), "r"));
  return EvpPkeyPtr(PEM_read_bio_PrivateKey(file.get(), nullptr, nullptr, nullptr));
}

// The point is the end of a SubjectPublicKeyInfo.
std::string BlobOf(EVP_PKEY* key, const Curve& curve) {
  unsigned char* encoded = nullptr;
  const int length = i2d_PUBKEY(key, &encoded);
  const OpensslBuffer owner(encoded);
  const std::string der(reinterpret_cast<char*>(encoded), static_cast<std::size_t>(length));
  std::string blob;
  AppendString(blob, std::string("ecdsa-sha2-") + curve.name);
  AppendString(blob, curve.name);
  AppendString(blob, der.substr(der.size() - curve.point_bytes));
  return blob;
}

// The numbers of `SEQUENCE { INTEGER r, INTEGER s }`, as RFC 5656 has them.
std::string SignatureOf(EVP_PKEY* key, const Curve& curve, std::string_view data) {
  const EvpMdCtxPtr context(EVP_MD_CTX_new());
  std::array<unsigned char, 256> der{};
  std::size_t length = der.size();
  EXPECT_EQ(EVP_DigestSignInit(context.get(), nullptr, curve.digest(), nullptr, key), 1);
  EXPECT_EQ(EVP_DigestSign(context.get(), der.data(), &length,
                           reinterpret_cast<const unsigned char*>(data.data()), data.size()),
            1);
  const std::string_view bytes(reinterpret_cast<char*>(der.data()), length);
  std::size_t at = bytes[1] == '\x81' ? 3 : 2;
  std::string numbers;
  for (int i = 0; i < 2; ++i) {
    const auto size = static_cast<unsigned char>(bytes[at + 1]);
    AppendString(numbers, bytes.substr(at + 2, size));
    at += 2U + size;
  }
  std::string signature;
  AppendString(signature, std::string("ecdsa-sha2-") + curve.name);
  AppendString(signature, numbers);
  return signature;
}

TEST(HostKey, TakesEcdsa) {
  for (const Curve& curve : kCurves) {
    const EvpPkeyPtr key = ReadKey(curve);
    ASSERT_TRUE(key) << curve.file;
    const auto host = ParseHostKey(BlobOf(key.get(), curve));
    ASSERT_TRUE(host) << curve.name;
    const std::string signature = SignatureOf(key.get(), curve, "data");
    EXPECT_TRUE(IsSignedByHost(*host, signature, "data")) << curve.name;
    EXPECT_FALSE(IsSignedByHost(*host, signature, "date")) << curve.name;
    EXPECT_FALSE(IsSignedByHost(*host, signature + 'x', "data")) << curve.name;
  }
}

std::string Certificate(const OneTimeKey& key) {
  WireReader reader(key.blob());
  const std::string type(*reader.NextString());
  std::string blob;
  AppendString(blob, type + "-cert-v01@openssh.com");
  AppendString(blob, "nonce");
  blob += reader.Rest();
  return blob + "serial, type, id, principals, and so on";
}

TEST(HostKey, FindsTheKeyOfACertificate) {
  for (const KeyType type : {KeyType::kEd25519, KeyType::kRsa}) {
    const OneTimeKey key = fakes::NewKey(type);
    const auto host = ParseHostKey(Certificate(key));
    ASSERT_TRUE(host);
    EXPECT_TRUE(host->is_certificate);
    EXPECT_EQ(host->blob, key.blob());
    EXPECT_TRUE(IsSignedByHost(*host, *key.Sign("data", *key.AlgorithmFor(4)), "data"));
  }
}

TEST(HostKey, RefusesOtherTypes) {
  std::string dsa;
  AppendString(dsa, "ssh-dss");
  for (int i = 0; i < 4; ++i) AppendString(dsa, "\x01");
  std::string small;  // RSA of 8 bits
  AppendString(small, "ssh-rsa");
  AppendString(small, "\x03");
  AppendString(small, "\x7f");
  const std::string plain = fakes::NewKey().blob();
  std::string only_end;
  AppendString(only_end, "-cert-v01@openssh.com");
  const struct {
    const char* defect;
    std::string blob;
  } kRows[] = {
      {"empty", ""},
      {"DSA", dsa},
      {"small RSA", small},
      {"cut", plain.substr(0, plain.size() - 1)},
      {"bytes behind it", plain + 'x'},
      {"a certificate of no type", only_end},
      {"a cut certificate", Certificate(fakes::NewKey()).substr(0, 50)},
  };
  for (const auto& row : kRows) EXPECT_FALSE(ParseHostKey(row.blob)) << row.defect;
}

}  // namespace
}  // namespace eic::client
