#include "issuer/staples.h"

#include "core/base64.h"
#include "issuer/issuer_error.h"

namespace eic::issuer {
namespace {

using Asn1IntegerPtr = std::unique_ptr<ASN1_INTEGER, FreeWith<ASN1_INTEGER_free>>;
using Asn1TimePtr = std::unique_ptr<ASN1_GENERALIZEDTIME, FreeWith<ASN1_GENERALIZEDTIME_free>>;

Asn1TimePtr Time(Instant seconds) {
  return Asn1TimePtr(
      Require(ASN1_GENERALIZEDTIME_set(nullptr, seconds.unix_seconds()), "a bad date"));
}

OcspCertIdPtr CertificateId(const SingleResponseSpec& spec) {
  if (!spec.serial) {
    return OcspCertIdPtr(
        Require(OCSP_cert_to_id(spec.certificate_id_digest, spec.subject, spec.issuer),
                "cannot name a certificate"));
  }
  const Asn1IntegerPtr serial(Require(ASN1_INTEGER_new(), "no memory"));
  RequireOne(ASN1_INTEGER_set_int64(serial.get(), *spec.serial), "a bad serial number");
  return OcspCertIdPtr(
      Require(OCSP_cert_id_new(spec.certificate_id_digest, X509_get_subject_name(spec.issuer),
                               X509_get0_pubkey_bitstr(spec.issuer), serial.get()),
              "cannot name a certificate"));
}

int StatusCode(CertificateStatus status) {
  switch (status) {
    case CertificateStatus::kGood:
      return V_OCSP_CERTSTATUS_GOOD;
    case CertificateStatus::kRevoked:
      return V_OCSP_CERTSTATUS_REVOKED;
    case CertificateStatus::kUnknown:
      return V_OCSP_CERTSTATUS_UNKNOWN;
  }
  Fail("an unknown status");
}

void AddSingleResponse(OCSP_BASICRESP* basic, const SingleResponseSpec& spec) {
  const OcspCertIdPtr id = CertificateId(spec);
  const Asn1TimePtr this_update = Time(spec.this_update);
  const Asn1TimePtr next_update = spec.next_update ? Time(*spec.next_update) : nullptr;
  const Asn1TimePtr revoked_at = Time(spec.revoked_at.value_or(spec.this_update));
  const bool revoked = spec.status == CertificateStatus::kRevoked;
  // Copies all that it is given; the single response belongs to `basic`.
  OCSP_SINGLERESP* single =
      Require(OCSP_basic_add1_status(
                  basic, id.get(), StatusCode(spec.status), OCSP_REVOKED_STATUS_NOSTATUS,
                  revoked ? revoked_at.get() : nullptr, this_update.get(), next_update.get()),
              "cannot add a status");
  for (const ExtraExtension& extra : spec.extensions) {
    RequireOne(OCSP_SINGLERESP_add_ext(single, MakeExtension(extra).get(), -1),
               "cannot add an extension");
  }
}

// OpenSSL sets producedAt to the wall clock or leaves it empty, and has no setter; the field that
// its getter lends is the one that is signed.
void SetProducedAt(OCSP_BASICRESP* basic, Instant seconds) {
  auto* produced_at = const_cast<ASN1_GENERALIZEDTIME*>(OCSP_resp_get0_produced_at(basic));
  Require(ASN1_GENERALIZEDTIME_set(produced_at, seconds.unix_seconds()), "a bad date");
}

void BreakSignature(const OCSP_BASICRESP* basic) {
  const ASN1_OCTET_STRING* signature = OCSP_resp_get0_signature(basic);
  auto* bytes = const_cast<unsigned char*>(ASN1_STRING_get0_data(signature));
  bytes[ASN1_STRING_length(signature) - 1] ^= 1U;
}

void Sign(OCSP_BASICRESP* basic, const StapleSpec& spec) {
  const EvpMdCtxPtr context(Require(EVP_MD_CTX_new(), "no memory"));
  EVP_PKEY_CTX* key_context = nullptr;  // the context's
  const bool digests_itself = EVP_PKEY_base_id(spec.responder_key) == EVP_PKEY_ED25519;
  RequireOne(EVP_DigestSignInit(context.get(), &key_context, digests_itself ? nullptr : spec.digest,
                                nullptr, spec.responder_key),
             "cannot sign a staple");
  if (spec.pss_padding) {
    RequireOne(EVP_PKEY_CTX_set_rsa_padding(key_context, RSA_PKCS1_PSS_PADDING), "no PSS");
    RequireOne(EVP_PKEY_CTX_set_rsa_pss_saltlen(key_context, RSA_PSS_SALTLEN_DIGEST), "no PSS");
  }
  // OCSP_NOCERTS: only what `included_certificates` says goes in. OCSP_NOTIME: producedAt is set.
  unsigned long flags = OCSP_NOCERTS | OCSP_NOTIME;
  if (spec.name_responder_by_key) flags |= OCSP_RESPID_KEY;
  RequireOne(OCSP_basic_sign_ctx(basic, spec.responder, context.get(), nullptr, flags),
             "cannot sign a staple");
}

OcspBasicResponsePtr MakeBasicResponse(const StapleSpec& spec) {
  OcspBasicResponsePtr basic(Require(OCSP_BASICRESP_new(), "no memory"));
  for (const SingleResponseSpec& response : spec.responses) {
    AddSingleResponse(basic.get(), response);
  }
  for (X509* certificate : spec.included_certificates) {
    RequireOne(OCSP_basic_add1_cert(basic.get(), certificate), "cannot include a certificate");
  }
  for (const ExtraExtension& extra : spec.extensions) {
    RequireOne(OCSP_BASICRESP_add_ext(basic.get(), MakeExtension(extra).get(), -1),
               "cannot add an extension");
  }
  SetProducedAt(basic.get(), spec.produced_at);
  Sign(basic.get(), spec);
  if (spec.break_signature) BreakSignature(basic.get());
  return basic;
}

}  // namespace

std::string MakeStaple(const StapleSpec& spec) {
  const bool successful = spec.response_status == OCSP_RESPONSE_STATUS_SUCCESSFUL;
  const OcspBasicResponsePtr basic = successful ? MakeBasicResponse(spec) : nullptr;
  const OcspResponsePtr response(
      Require(OCSP_response_create(spec.response_status, basic.get()), "cannot make a staple"));
  unsigned char* out = nullptr;
  const int size = i2d_OCSP_RESPONSE(response.get(), &out);
  const OpensslBuffer buffer(out);
  if (size <= 0) Fail("cannot encode a staple");
  return std::string(out, out + size);
}

std::string StapleBase64(const std::string& der) { return EncodeBase64(der); }

}  // namespace eic::issuer
