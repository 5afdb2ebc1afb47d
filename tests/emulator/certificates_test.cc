#include "issuer/certificates.h"

#include <gtest/gtest.h>

#include "issuer/issuer_error.h"
#include "issuer/keys.h"
#include "tests/emulator/support.h"

namespace eic::issuer {
namespace {

using emulator::kNow;

class Certificates : public testing::Test {
 protected:
  Certificates() : key_(GenerateEcKey(NID_X9_62_prime256v1)) {
    spec_.common_names = {"name"};
    spec_.not_before = kNow;
    spec_.not_after = kNow + 60;
  }

  X509Ptr SelfSigned() { return IssueCertificate(spec_, key_.get(), nullptr, key_.get()); }

  EvpPkeyPtr key_;
  CertificateSpec spec_;
};

int CountEntries(X509* certificate, int nid) {
  const X509_NAME* name = X509_get_subject_name(certificate);
  int count = 0;
  for (int at = X509_NAME_get_index_by_NID(const_cast<X509_NAME*>(name), nid, -1); at >= 0;
       at = X509_NAME_get_index_by_NID(const_cast<X509_NAME*>(name), nid, at)) {
    ++count;
  }
  return count;
}

std::string CommonName(X509* certificate) {
  X509_NAME* name = X509_get_subject_name(certificate);
  const int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
  const ASN1_STRING* value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at));
  const unsigned char* data = ASN1_STRING_get0_data(value);
  return std::string(data, data + ASN1_STRING_length(value));
}

int IsCritical(X509* certificate, int nid) {
  const int at = X509_get_ext_by_NID(certificate, nid, -1);
  return at < 0 ? -1 : X509_EXTENSION_get_critical(X509_get_ext(certificate, at));
}

TEST_F(Certificates, TheDatesAndTheSerialAreTheSpecifications) {
  spec_.serial = 77;
  const X509Ptr certificate = SelfSigned();
  const auto compare = [](const ASN1_TIME* time, Instant to) {
    return ASN1_TIME_cmp_time_t(time, to.unix_seconds());
  };
  EXPECT_EQ(compare(X509_get0_notBefore(certificate.get()), kNow), 0);
  EXPECT_EQ(compare(X509_get0_notAfter(certificate.get()), kNow + 60), 0);
  EXPECT_EQ(ASN1_INTEGER_get(X509_get_serialNumber(certificate.get())), 77);
  EXPECT_EQ(X509_verify(certificate.get(), key_.get()), 1);
}

TEST_F(Certificates, ACommonNameMayHoldANul) {
  spec_.common_names = {std::string("good\0.evil", 10)};
  EXPECT_EQ(CommonName(SelfSigned().get()), spec_.common_names[0]);
}

TEST_F(Certificates, CommonNamesMayBeNoneOrSeveral) {
  spec_.common_names = {};
  EXPECT_EQ(CountEntries(SelfSigned().get(), NID_commonName), 0);
  spec_.common_names = {"a", "b"};
  EXPECT_EQ(CountEntries(SelfSigned().get(), NID_commonName), 2);
}

TEST_F(Certificates, CommonNamesMayShareOneRdn) {
  spec_.common_names = {"a", "b"};
  spec_.common_names_in_one_rdn = true;
  const X509Ptr certificate = SelfSigned();
  X509_NAME* name = X509_get_subject_name(certificate.get());
  EXPECT_EQ(X509_NAME_ENTRY_set(X509_NAME_get_entry(name, 0)),
            X509_NAME_ENTRY_set(X509_NAME_get_entry(name, 1)));
}

TEST_F(Certificates, ExtensionsAreCriticalAsAsked) {
  spec_.key_usage = KU_DIGITAL_SIGNATURE;
  spec_.extended_key_usages = {"OCSPSigning", "1.2.3.4"};
  spec_.dns_names = {"a.example", "b.example"};
  spec_.extra_extensions = {{"1.2.3.5", std::string("\5\0", 2), true}};
  const X509Ptr certificate = SelfSigned();
  EXPECT_EQ(IsCritical(certificate.get(), NID_basic_constraints), 1);
  EXPECT_EQ(IsCritical(certificate.get(), NID_key_usage), 1);
  EXPECT_EQ(IsCritical(certificate.get(), NID_ext_key_usage), 0);
  EXPECT_EQ(IsCritical(certificate.get(), NID_subject_alt_name), 0);
  EXPECT_EQ(X509_get_extension_flags(certificate.get()) & EXFLAG_CRITICAL,
            static_cast<std::uint32_t>(EXFLAG_CRITICAL));
  EXPECT_EQ(X509_check_host(certificate.get(), "b.example", 0, 0, nullptr), 1);
}

TEST_F(Certificates, KeyUsageBitsAreTheOnesThatWereAsked) {
  spec_.key_usage = KU_KEY_CERT_SIGN | KU_DECIPHER_ONLY;
  EXPECT_EQ(X509_get_key_usage(SelfSigned().get()),
            static_cast<std::uint32_t>(KU_KEY_CERT_SIGN | KU_DECIPHER_ONLY));
}

TEST_F(Certificates, AVersion1CertificateHasNoExtensions) {
  spec_.version_1 = true;
  const X509Ptr certificate = SelfSigned();
  EXPECT_EQ(X509_get_version(certificate.get()), 0);
  EXPECT_EQ(X509_get_ext_count(certificate.get()), 0);
}

TEST_F(Certificates, ThePathLengthAndTheAuthorityAreRead) {
  spec_.basic_constraints = BasicConstraints::kCa;
  spec_.path_length = 3;
  const X509Ptr certificate = SelfSigned();
  EXPECT_EQ(X509_get_pathlen(certificate.get()), 3);
  EXPECT_EQ(X509_check_ca(certificate.get()), 1);
}

TEST_F(Certificates, TheDigestIsTheOneThatWasAsked) {
  spec_.digest = EVP_sha384();
  int digest = 0;
  ASSERT_EQ(X509_get_signature_info(SelfSigned().get(), &digest, nullptr, nullptr, nullptr), 1);
  EXPECT_EQ(digest, NID_sha384);
}

TEST_F(Certificates, ABrokenSignatureDoesNotVerify) {
  const X509Ptr certificate = SelfSigned();
  const X509Ptr broken = BreakCertificateSignature(certificate.get());
  EXPECT_NE(X509_verify(broken.get(), key_.get()), 1);
  EXPECT_EQ(CommonName(broken.get()), "name");
}

TEST_F(Certificates, Ed25519SignsWithoutADigest) {
  key_ = GenerateEd25519Key();
  EXPECT_EQ(X509_verify(SelfSigned().get(), key_.get()), 1);
}

TEST_F(Certificates, StapleNamesAreUpperCaseDigests) {
  const X509Ptr certificate = SelfSigned();
  for (const std::string& name : {Sha1Name(certificate.get()), Sha256Name(certificate.get())}) {
    EXPECT_EQ(name.find_first_not_of("0123456789ABCDEF"), std::string::npos);
  }
  EXPECT_EQ(Sha1Name(certificate.get()).size(), 40U);
  EXPECT_EQ(Sha256Name(certificate.get()).size(), 64U);
}

TEST_F(Certificates, PemIsReadBackInItsOrder) {
  const X509Ptr first = SelfSigned();
  spec_.common_names = {"second"};
  const X509Ptr second = SelfSigned();
  const std::vector<X509Ptr> read =
      ParseCertificatesPem(CertificatePem(first.get()) + CertificatePem(second.get()));
  ASSERT_EQ(read.size(), 2U);
  EXPECT_EQ(CertificateDer(read[0].get()), CertificateDer(first.get()));
  EXPECT_EQ(CertificateDer(read[1].get()), CertificateDer(second.get()));
}

TEST_F(Certificates, WhatIsNoCertificateIsAnError) {
  EXPECT_THROW(ParseCertificatePem("nothing"), IssuerError);
  EXPECT_THROW(
      ParseCertificatesPem("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
      IssuerError);
}

}  // namespace
}  // namespace eic::issuer
