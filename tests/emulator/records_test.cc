#include "issuer/records.h"

#include <gtest/gtest.h>
#include <openssl/rsa.h>

#include <algorithm>

#include "core/base64.h"
#include "issuer/keys.h"
#include "tests/emulator/support.h"

namespace eic::issuer {
namespace {

using emulator::TestAuthority;

RecordSpec Spec() {
  return MakeRecordSpec({Instant(2000000060), "i-0123456789abcdef0", "arn:caller", "request"},
                        "ssh-ed25519 AAAA comment");
}

constexpr const char* kSigned =
    "#Timestamp=2000000060\n"
    "#Instance=i-0123456789abcdef0\n"
    "#Caller=arn:caller\n"
    "#Request=request\n"
    "ssh-ed25519 AAAA comment\n";

// RSASSA-PSS as the protocol has it, said here once more and not through SignatureScheme.
bool Verifies(const std::string& bytes, const std::string& signature) {
  const EvpMdCtxPtr context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* pss = nullptr;
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  const auto* raw = reinterpret_cast<const unsigned char*>(signature.data());
  return EVP_DigestVerifyInit(context.get(), &pss, EVP_sha256(), nullptr,
                              TestAuthority().signer_key.get()) == 1 &&
         EVP_PKEY_CTX_set_rsa_padding(pss, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(pss, 32) == 1 &&
         EVP_DigestVerify(context.get(), raw, signature.size(), data, bytes.size()) == 1;
}

TEST(Records, TheSignedBytesAreTheLinesInTheServicesOrder) {
  EXPECT_EQ(SignedBytes(Spec()), kSigned);
}

TEST(Records, EmptyFieldsHaveNoLine) {
  EXPECT_EQ(SignedBytes(MakeRecordSpec({Instant(5), "", "", ""}, "key")), "#Timestamp=5\nkey\n");
}

TEST(Records, ASignedRecordVerifies) {
  const std::string record = SignRecord(Spec(), TestAuthority().signer_key.get());
  ASSERT_EQ(record.substr(0, std::string(kSigned).size()), kSigned);
  std::string signature = record.substr(std::string(kSigned).size());
  ASSERT_EQ(signature.back(), '\n');
  signature.pop_back();
  const std::optional<std::string> raw = DecodeBase64(signature);
  ASSERT_TRUE(raw);
  EXPECT_TRUE(Verifies(kSigned, *raw));
  EXPECT_FALSE(Verifies(std::string(kSigned) + "\n", *raw));
}

TEST(Records, OtherSchemesDoNotVerify) {
  SignatureScheme salt;
  salt.salt_bytes = 20;
  SignatureScheme digest;
  digest.digest = EVP_sha512();
  SignatureScheme mask;
  mask.mask_digest = EVP_sha1();
  SignatureScheme pkcs1;
  pkcs1.pss = false;
  for (const SignatureScheme& scheme : {salt, digest, mask, pkcs1}) {
    EXPECT_FALSE(Verifies(kSigned, Sign(kSigned, TestAuthority().signer_key.get(), scheme)));
  }
  EXPECT_TRUE(Verifies(kSigned, Sign(kSigned, TestAuthority().signer_key.get(), {})));
}

TEST(Records, ASignatureIsWrappedAsAsked) {
  RecordSpec spec = Spec();
  spec.wrap_columns = 64;
  const std::string record = RecordWithSignature(spec, std::string(256, 'x'));
  std::string lines = record.substr(std::string(kSigned).size());
  EXPECT_EQ(lines.find('\n'), 64U);
  EXPECT_EQ(lines.size(), 344U + 6);
  lines.erase(std::remove(lines.begin(), lines.end(), '\n'), lines.end());
  EXPECT_EQ(lines, EncodeBase64(std::string(256, 'x')));
}

TEST(Records, OtherKeysSignToo) {
  EXPECT_FALSE(Sign("bytes", GenerateEcKey(NID_X9_62_prime256v1).get(), {}).empty());
  EXPECT_EQ(Sign("bytes", GenerateEd25519Key().get(), {}).size(), 64U);
}

}  // namespace
}  // namespace eic::issuer
