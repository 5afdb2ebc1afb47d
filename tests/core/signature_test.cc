// Goal of this test: one scheme of signatures is accepted, over all bytes of the record, and no
// other that OpenSSL would read off the signature.
#include "core/signature.h"

#include <gtest/gtest.h>

#include "tests/core/trust.h"
#include "tests/fakes/for_tests.h"
#include "tests/testkit/notary.h"

namespace eic {
namespace {

using testkit::Notary;

class Signature : public ::testing::Test {
 protected:
  // Empty where the one record of `blob` is signed, else the slug.
  std::string SlugOf(const std::string& blob) {
    const ParsedBlob parsed = ParseKeyBlob(blob);
    if (parsed.records.size() != 1) return "not one record";
    const Result<VerifiedKey> key =
        VerifySignature(signer_, ForTests::MakeCandidate(parsed.records[0]));
    return key ? "" : std::string(Slug(key.error().reason));
  }

  testkit::KeyRing keys_ = TestKeys();
  Notary notary_{keys_};
  const TrustedSigner signer_ = TrustSigner(keys_);
};

struct SchemeRow {
  const char* name;
  issuer::SignatureScheme scheme;
};

class OtherScheme : public Signature, public ::testing::WithParamInterface<SchemeRow> {};

TEST_P(OtherScheme, IsRefused) {
  issuer::RecordSpec record = notary_.Record();
  record.scheme = GetParam().scheme;
  EXPECT_EQ(SlugOf(notary_.Sign(record)), "signature-invalid");
}

INSTANTIATE_TEST_SUITE_P(
    All, OtherScheme,
    ::testing::Values(SchemeRow{"Salt20", {EVP_sha256(), EVP_sha256(), 20}},
                      SchemeRow{"Salt31", {EVP_sha256(), EVP_sha256(), 31}},
                      SchemeRow{"Salt33", {EVP_sha256(), EVP_sha256(), 33}},
                      SchemeRow{"NoSalt", {EVP_sha256(), EVP_sha256(), 0}},
                      SchemeRow{"Sha1", {EVP_sha1(), EVP_sha1(), 20}},
                      SchemeRow{"Sha1Salt32", {EVP_sha1(), EVP_sha1(), 32}},
                      SchemeRow{"Sha384", {EVP_sha384(), EVP_sha384(), 32}},
                      SchemeRow{"MaskSha1", {EVP_sha256(), EVP_sha1(), 32}},
                      SchemeRow{"MaskSha512", {EVP_sha256(), EVP_sha512(), 32}},
                      SchemeRow{"Pkcs1", {EVP_sha256(), EVP_sha256(), 32, false}}),
    [](const auto& row) { return std::string(row.param.name); });

TEST_F(Signature, OfTheServiceIsAccepted) {
  for (const char* key : {"user-ed25519", "user-rsa2048", "user-ecdsa521"}) {
    EXPECT_EQ(SlugOf(notary_.Good(key)), "") << key;
  }
}

TEST_F(Signature, CarriesTheRecordsLabels) {
  const std::string blob = notary_.Good();
  const ParsedBlob parsed = ParseKeyBlob(blob);
  const Result<VerifiedKey> key =
      VerifySignature(signer_, ForTests::MakeCandidate(parsed.records[0]));
  ASSERT_TRUE(key.ok());
  EXPECT_EQ(key->caller(), "arn:aws:iam::123456789012:user/alice");
  EXPECT_EQ(key->request_id(), "1234abcd-12ab-34cd-56ef-1234567890ab");
  EXPECT_EQ(AuthorizedKeysLine(key->key()), notary_.KeyLine("user-ed25519"));
}

TEST_F(Signature, OfAnotherKeyIsRefused) {
  EXPECT_EQ(SlugOf(notary_.SignWith(notary_.Record(), "stranger")), "signature-invalid");
  EXPECT_EQ(SlugOf(notary_.SignWith(notary_.Record(), "root")), "signature-invalid");
}

TEST_F(Signature, OfOtherBytesIsRefused) {
  const std::string good = notary_.Good();
  EXPECT_EQ(SlugOf(testkit::Replaced(good, "2000000060", "2000000061")), "signature-invalid");
  EXPECT_EQ(SlugOf(testkit::Replaced(good, "user/alice", "user/bob")), "signature-invalid");
  EXPECT_EQ(SlugOf(testkit::Replaced(good, "\nssh-ed25519", " \nssh-ed25519")),
            "signature-invalid");
  EXPECT_EQ(SlugOf("#New=1\n" + good), "signature-invalid");
}

}  // namespace
}  // namespace eic
