#include "issuer/staples.h"

#include <gtest/gtest.h>

#include "issuer/certificates.h"
#include "issuer/issuer_error.h"
#include "issuer/keys.h"
#include "tests/emulator/support.h"

namespace eic::issuer {
namespace {

using emulator::kNow;
using emulator::TestAuthority;

class Staples : public testing::Test {
 protected:
  Staples() {
    SingleResponseSpec response;
    response.subject = TestAuthority().signer.get();
    response.issuer = TestAuthority().intermediate.get();
    response.this_update = kNow;
    response.next_update = kNow + 60;
    spec_.responses = {response};
    spec_.responder = TestAuthority().intermediate.get();
    spec_.responder_key = TestAuthority().intermediate_key.get();
    spec_.produced_at = kNow;
  }

  static OcspResponsePtr Parse(const std::string& der) {
    const auto* in = reinterpret_cast<const unsigned char*>(der.data());
    return OcspResponsePtr(d2i_OCSP_RESPONSE(nullptr, &in, static_cast<long>(der.size())));
  }

  void Make() {
    const OcspResponsePtr response = Parse(MakeStaple(spec_));
    ASSERT_NE(response, nullptr);
    basic_.reset(OCSP_response_get1_basic(response.get()));
    ASSERT_NE(basic_, nullptr);
  }

  // As a relying party does: by a store with the root, at the time of the tests.
  int Verify() {
    const X509StorePtr store(X509_STORE_new());
    X509_STORE_add_cert(store.get(), TestAuthority().root.get());
    X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store.get()), kNow.unix_seconds());
    const X509ShellPtr others(sk_X509_new_null());
    sk_X509_push(others.get(), TestAuthority().intermediate.get());
    return OCSP_basic_verify(basic_.get(), others.get(), store.get(), 0);
  }

  int Status(const EVP_MD* digest = EVP_sha1()) {
    const OcspCertIdPtr id(
        OCSP_cert_to_id(digest, TestAuthority().signer.get(), TestAuthority().intermediate.get()));
    int status = -1;
    const int found =
        OCSP_resp_find_status(basic_.get(), id.get(), &status, nullptr, nullptr, nullptr, nullptr);
    return found == 1 ? status : -1;
  }

  StapleSpec spec_;
  OcspBasicResponsePtr basic_;
};

TEST_F(Staples, AGoodOneVerifies) {
  Make();
  EXPECT_EQ(Verify(), 1);
  EXPECT_EQ(Status(), V_OCSP_CERTSTATUS_GOOD);
}

TEST_F(Staples, TheStatusIsTheSpecifications) {
  spec_.responses[0].status = CertificateStatus::kRevoked;
  Make();
  EXPECT_EQ(Status(), V_OCSP_CERTSTATUS_REVOKED);
  spec_.responses[0].status = CertificateStatus::kUnknown;
  Make();
  EXPECT_EQ(Status(), V_OCSP_CERTSTATUS_UNKNOWN);
}

TEST_F(Staples, ACertificateIdMayBeMadeWithSha256) {
  spec_.responses[0].certificate_id_digest = EVP_sha256();
  Make();
  EXPECT_EQ(Status(), -1);
  EXPECT_EQ(Status(EVP_sha256()), V_OCSP_CERTSTATUS_GOOD);
}

TEST_F(Staples, AnotherSerialIsAnotherCertificate) {
  spec_.responses[0].serial = 4711;
  Make();
  EXPECT_EQ(Status(), -1);
  EXPECT_EQ(Verify(), 1);
}

TEST_F(Staples, ADelegatedResponderIsIncluded) {
  const EvpPkeyPtr key = GenerateEcKey(NID_X9_62_prime256v1);
  CertificateSpec responder;
  responder.common_names = {"responder"};
  responder.not_before = kNow - 1;
  responder.not_after = kNow + 60;
  responder.extended_key_usages = {"OCSPSigning"};
  const X509Ptr certificate =
      IssueCertificate(responder, key.get(), TestAuthority().intermediate.get(),
                       TestAuthority().intermediate_key.get());
  spec_.responder = certificate.get();
  spec_.responder_key = key.get();
  spec_.included_certificates = {certificate.get()};
  Make();
  EXPECT_EQ(Verify(), 1);

  spec_.included_certificates = {};
  Make();
  EXPECT_NE(Verify(), 1);
}

TEST_F(Staples, TheResponderMayBeNamedByItsKey) {
  spec_.name_responder_by_key = true;
  Make();
  const ASN1_OCTET_STRING* key_hash = nullptr;
  const X509_NAME* name = nullptr;
  ASSERT_EQ(OCSP_resp_get0_id(basic_.get(), &key_hash, &name), 1);
  EXPECT_NE(key_hash, nullptr);
  EXPECT_EQ(name, nullptr);
  EXPECT_EQ(Verify(), 1);
}

TEST_F(Staples, ABrokenSignatureDoesNotVerify) {
  spec_.break_signature = true;
  Make();
  EXPECT_NE(Verify(), 1);
}

TEST_F(Staples, TheDigestAndTheTimesAreTheSpecifications) {
  spec_.digest = EVP_sha1();
  spec_.responses[0].next_update.reset();
  Make();
  const X509_ALGOR* algorithm = OCSP_resp_get0_tbs_sigalg(basic_.get());
  const ASN1_OBJECT* oid = nullptr;
  X509_ALGOR_get0(&oid, nullptr, nullptr, algorithm);
  EXPECT_EQ(OBJ_obj2nid(oid), NID_ecdsa_with_SHA1);
  EXPECT_EQ(ASN1_TIME_cmp_time_t(OCSP_resp_get0_produced_at(basic_.get()), kNow.unix_seconds()), 0);
  ASN1_GENERALIZEDTIME* this_update = nullptr;
  ASN1_GENERALIZEDTIME* next_update = nullptr;
  OCSP_single_get0_status(OCSP_resp_get0(basic_.get(), 0), nullptr, nullptr, &this_update,
                          &next_update);
  EXPECT_EQ(ASN1_TIME_cmp_time_t(this_update, kNow.unix_seconds()), 0);
  EXPECT_EQ(next_update, nullptr);
}

TEST_F(Staples, SeveralResponsesStandTogether) {
  spec_.responses.push_back(spec_.responses[0]);
  spec_.responses[1].status = CertificateStatus::kRevoked;
  Make();
  EXPECT_EQ(OCSP_resp_count(basic_.get()), 2);
}

TEST_F(Staples, AnUnsuccessfulResponseHasNoContents) {
  spec_.response_status = OCSP_RESPONSE_STATUS_TRYLATER;
  const OcspResponsePtr response = Parse(MakeStaple(spec_));
  ASSERT_NE(response, nullptr);
  EXPECT_EQ(OCSP_response_status(response.get()), OCSP_RESPONSE_STATUS_TRYLATER);
  EXPECT_EQ(OCSP_response_get1_basic(response.get()), nullptr);
}

TEST_F(Staples, ThereIsNoNonce) {
  Make();
  EXPECT_LT(OCSP_BASICRESP_get_ext_by_NID(basic_.get(), NID_id_pkix_OCSP_Nonce, -1), 0);
}

TEST_F(Staples, AKeyThatDoesNotFitIsAnError) {
  spec_.responder_key = TestAuthority().signer_key.get();
  EXPECT_THROW(MakeStaple(spec_), IssuerError);
}

}  // namespace
}  // namespace eic::issuer
