#include "core/responder.h"

#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <vector>

#include "core/limits.h"
#include "core/strong_digest.h"

namespace eic {
namespace {

// RFC 6960 section 4.2.2.2: a certificate that the issuer itself signed for answering in its place.
// The subject must not vouch for itself, so no certificate with the subject's key qualifies,
// whatever its name.
bool IsDelegatedResponder(X509* responder, const Subject& subject, Instant now) {
  if (ASN1_STRING_cmp(X509_get0_pubkey_bitstr(responder),
                      X509_get0_pubkey_bitstr(subject.certificate)) == 0) {
    return false;
  }
  if (X509_check_issued(subject.issuer, responder) != X509_V_OK) return false;
  const std::uint32_t flags = X509_get_extension_flags(responder);
  if ((flags & (EXFLAG_INVALID | EXFLAG_CRITICAL)) != 0) return false;
  if ((flags & EXFLAG_XKUSAGE) == 0) return false;
  if ((X509_get_extended_key_usage(responder) & XKU_OCSP_SIGN) == 0) return false;
  if ((flags & EXFLAG_KUSAGE) != 0 && (X509_get_key_usage(responder) & KU_DIGITAL_SIGNATURE) == 0) {
    return false;
  }
  // not_before <= now and now < not_after, as OpenSSL checks it for the path.
  const auto time = static_cast<time_t>(now.unix_seconds());
  if (ASN1_TIME_cmp_time_t(X509_get0_notBefore(responder), time) > 0) return false;
  if (ASN1_TIME_cmp_time_t(X509_get0_notAfter(responder), time) <= 0) return false;

  int digest_security_bits = 0;
  if (X509_get_signature_info(responder, nullptr, nullptr, &digest_security_bits, nullptr) != 1) {
    return false;
  }
  const EVP_PKEY* key = X509_get0_pubkey(responder);
  if (digest_security_bits < kSecurityBitsMin || key == nullptr ||
      EVP_PKEY_security_bits(key) < kSecurityBitsMin) {
    return false;
  }
  // Last, because it costs more than all the rest.
  return X509_verify(responder, X509_get0_pubkey(subject.issuer)) == 1;
}

// RFC 4055 section 3.1: RSASSA-PSS names its digest in parameters, and means SHA-1 if it names
// none.
int PssDigest(const X509_ALGOR* algorithm) {
  int type = V_ASN1_UNDEF;
  const void* value = nullptr;  // borrowed
  X509_ALGOR_get0(nullptr, &type, &value, algorithm);
  if (type != V_ASN1_SEQUENCE) return NID_undef;
  const auto* sequence = static_cast<const ASN1_STRING*>(value);
  const RsaPssParametersPtr parameters(
      static_cast<RSA_PSS_PARAMS*>(ASN1_item_unpack(sequence, ASN1_ITEM_rptr(RSA_PSS_PARAMS))));
  if (!parameters || parameters->hashAlgorithm == nullptr) return NID_undef;
  const ASN1_OBJECT* oid = nullptr;  // borrowed
  X509_ALGOR_get0(&oid, nullptr, nullptr, parameters->hashAlgorithm);
  return OBJ_obj2nid(oid);
}

// The digest of the staple's own signature. OCSP_basic_verify accepts any, even SHA-1 and MD5.
bool IsSignedOverStrongDigest(const OCSP_BASICRESP* basic) {
  const X509_ALGOR* algorithm = OCSP_resp_get0_tbs_sigalg(basic);  // borrowed
  const ASN1_OBJECT* oid = nullptr;                                // borrowed
  X509_ALGOR_get0(&oid, nullptr, nullptr, algorithm);
  const int signature_nid = OBJ_obj2nid(oid);
  if (signature_nid == NID_rsassaPss) return IsSha2(PssDigest(algorithm));
  int digest_nid = NID_undef;
  int key_nid = NID_undef;
  if (OBJ_find_sigid_algs(signature_nid, &digest_nid, &key_nid) != 1) return false;
  return IsSha2(digest_nid) || key_nid == NID_ED25519;
}

// True if the staple's ResponderID (RFC 6960 section 4.2.2.3: a name, or the SHA-1 of a key) means
// `responder`.
bool IsNamed(const OCSP_BASICRESP* basic, const X509* responder) {
  const ASN1_OCTET_STRING* key_hash = nullptr;  // borrowed
  const X509_NAME* name = nullptr;              // borrowed
  if (OCSP_resp_get0_id(basic, &key_hash, &name) != 1) return false;
  if (name != nullptr) return X509_NAME_cmp(name, X509_get_subject_name(responder)) == 0;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  if (X509_pubkey_digest(responder, EVP_sha1(), digest.data(), &length) != 1) return false;
  return ASN1_STRING_length(key_hash) == static_cast<int>(length) &&
         std::equal(digest.begin(), digest.begin() + length, ASN1_STRING_get0_data(key_hash));
}

// Those that the staple names and that may sign it: the issuer, and the first kRespondersMax
// delegated by it that the staple includes. Borrowed.
std::vector<X509*> NamedResponders(OCSP_BASICRESP* basic, const Subject& subject, Instant now) {
  std::vector<X509*> responders;
  if (IsNamed(basic, subject.issuer)) responders.push_back(subject.issuer);
  const STACK_OF(X509)* included = OCSP_resp_get0_certs(basic);  // borrowed
  std::size_t looked_at = 0;
  for (int i = 0; i < sk_X509_num(included); ++i) {
    X509* certificate = sk_X509_value(included, i);
    if (!IsNamed(basic, certificate)) continue;
    if (++looked_at > kRespondersMax) break;
    if (IsDelegatedResponder(certificate, subject, now)) responders.push_back(certificate);
  }
  return responders;
}

// Who may sign has been decided already. So OpenSSL must consider only that certificate (NOINTERN),
// build no chain of its own (TRUSTOTHER) and ask no store (OCSP_NOEXPLICIT, no store given).
bool IsSignedBy(OCSP_BASICRESP* basic, X509* responder) {
  const X509ShellPtr only(sk_X509_new_null());
  if (!only || sk_X509_push(only.get(), responder) < 1) std::abort();
  const unsigned long flags = OCSP_NOINTERN | OCSP_TRUSTOTHER | OCSP_NOEXPLICIT;
  const int verified = OCSP_basic_verify(basic, only.get(), nullptr, flags);
  ERR_clear_error();
  return verified == 1;
}

}  // namespace

Result<Nothing> CheckAuthentic(OCSP_BASICRESP* basic, const Subject& subject, Instant now) {
  if (!IsSignedOverStrongDigest(basic)) return Error{Reason::kStapleWeakSignature, ""};
  const std::vector<X509*> responders = NamedResponders(basic, subject, now);
  if (responders.empty()) return Error{Reason::kStapleResponderUnauthorized, ""};
  for (X509* responder : responders) {
    if (IsSignedBy(basic, responder)) return Nothing{};
  }
  return Error{Reason::kStapleSignatureInvalid, ""};
}

}  // namespace eic
