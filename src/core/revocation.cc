#include "core/revocation.h"

#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>

#include "core/base64.h"
#include "core/limits.h"

namespace eic {
namespace {

// A staple as it was decoded; untrusted. `basic` is null where decoding failed, and `error` says
// why.
struct ParsedStaple {
  std::string name;
  OcspBasicResponsePtr basic;
  Error error{Reason::kStapleMalformed, ""};
};

// One certificate of the path, with its issuer on that path. Borrowed.
struct Subject {
  X509* certificate;
  X509* issuer;
};

// What one staple says of one certificate.
enum class Word { kNothing, kGood, kRevoked };

// RFC 6960 section 4.2.1: OCSPResponse, used up to its last byte, successful, of the basic type.
Result<OcspBasicResponsePtr> ParseResponse(std::string_view base64) {
  std::string text(base64);
  text.erase(
      std::remove_if(text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; }),
      text.end());
  const std::optional<std::string> der = DecodeBase64(text);
  if (!der || der->empty()) return Error{Reason::kStapleMalformed, "not base64"};

  const auto* begin = reinterpret_cast<const unsigned char*>(der->data());
  const unsigned char* at = begin;
  const OcspResponsePtr response(d2i_OCSP_RESPONSE(nullptr, &at, static_cast<long>(der->size())));
  if (!response || at != begin + der->size()) {
    return Error{Reason::kStapleMalformed, "not an OCSP response"};
  }
  const int status = OCSP_response_status(response.get());
  if (status != OCSP_RESPONSE_STATUS_SUCCESSFUL) {
    return Error{Reason::kStapleUnsuccessful, OCSP_response_status_str(status)};
  }
  OcspBasicResponsePtr basic(OCSP_response_get1_basic(response.get()));
  if (!basic) return Error{Reason::kStapleMalformed, "not a basic OCSP response"};
  if (OCSP_resp_count(basic.get()) > kSingleResponsesMax) {
    return Error{Reason::kStapleMalformed, "too many single responses"};
  }
  return basic;
}

ParsedStaple ParseStaple(const Staple& staple) {
  ParsedStaple parsed;
  parsed.name = staple.name;
  if (!staple.base64) {
    parsed.error = staple.base64.error();
    return parsed;
  }
  Result<OcspBasicResponsePtr> basic = ParseResponse(*staple.base64);
  ERR_clear_error();
  if (basic) {
    parsed.basic = *std::move(basic);
  } else {
    parsed.error = basic.error();
  }
  return parsed;
}

bool IsSha2(int digest_nid) {
  return digest_nid == NID_sha256 || digest_nid == NID_sha384 || digest_nid == NID_sha512;
}

// True if `single` is about the subject's serial and issuer. A CertID can be compared only with one
// made by the same digest, so the digest is taken from the staple, if it is one of the known.
bool IsAbout(OCSP_SINGLERESP* single, const Subject& subject) {
  auto* id = const_cast<OCSP_CERTID*>(OCSP_SINGLERESP_get0_id(single));  // borrowed
  ASN1_OBJECT* digest_oid = nullptr;                                     // borrowed
  if (OCSP_id_get0_info(nullptr, &digest_oid, nullptr, nullptr, id) != 1) return false;
  const int digest_nid = OBJ_obj2nid(digest_oid);
  if (digest_nid != NID_sha1 && !IsSha2(digest_nid)) return false;
  const OcspCertIdPtr expected(
      OCSP_cert_to_id(EVP_get_digestbynid(digest_nid), subject.certificate, subject.issuer));
  return expected != nullptr && OCSP_id_cmp(expected.get(), id) == 0;
}

// RFC 6960 section 4.2.2.2: a certificate that the issuer itself signed for the purpose of
// answering in its place. The subject must not vouch for itself, under whatever certificate of its
// key.
bool IsDelegatedResponder(X509* responder, const Subject& subject, Instant now) {
  if (ASN1_STRING_cmp(X509_get0_pubkey_bitstr(responder),
                      X509_get0_pubkey_bitstr(subject.certificate)) == 0) {
    return false;
  }
  if (X509_check_issued(subject.issuer, responder) != X509_V_OK) return false;
  if (X509_verify(responder, X509_get0_pubkey(subject.issuer)) != 1) return false;

  const std::uint32_t flags = X509_get_extension_flags(responder);
  if ((flags & (EXFLAG_INVALID | EXFLAG_CRITICAL)) != 0) return false;
  if ((flags & EXFLAG_XKUSAGE) == 0) return false;
  if ((X509_get_extended_key_usage(responder) & XKU_OCSP_SIGN) == 0) return false;
  if ((flags & EXFLAG_KUSAGE) != 0 && (X509_get_key_usage(responder) & KU_DIGITAL_SIGNATURE) == 0) {
    return false;
  }
  // not_before <= now and now < not_after, as OpenSSL has it for the path.
  const auto time = static_cast<time_t>(now);
  if (ASN1_TIME_cmp_time_t(X509_get0_notBefore(responder), time) > 0) return false;
  if (ASN1_TIME_cmp_time_t(X509_get0_notAfter(responder), time) <= 0) return false;

  int digest_security_bits = 0;
  if (X509_get_signature_info(responder, nullptr, nullptr, &digest_security_bits, nullptr) != 1) {
    return false;
  }
  const EVP_PKEY* key = X509_get0_pubkey(responder);
  return digest_security_bits >= kSecurityBitsMin && key != nullptr &&
         EVP_PKEY_security_bits(key) >= kSecurityBitsMin;
}

// The certificates that may have signed `basic`: the issuer, and the responders that it delegated
// among those that come along. Borrowed.
X509ShellPtr AuthorizedResponders(OCSP_BASICRESP* basic, const Subject& subject, Instant now) {
  X509ShellPtr responders(sk_X509_new_null());
  if (!responders || sk_X509_push(responders.get(), subject.issuer) < 1) std::abort();
  const STACK_OF(X509)* included = OCSP_resp_get0_certs(basic);  // borrowed
  for (int i = 0; i < sk_X509_num(included); ++i) {
    X509* certificate = sk_X509_value(included, i);
    if (!IsDelegatedResponder(certificate, subject, now)) continue;
    if (sk_X509_push(responders.get(), certificate) < 1) std::abort();
  }
  return responders;
}

// RFC 4055 section 3.1: RSASSA-PSS names its digest in parameters, and means SHA-1 where it names
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

// The digest of the staple's own signature. OCSP_basic_verify takes any, SHA-1 and MD5 included.
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
// one of `responders`.
bool IsNamedResponder(const OCSP_BASICRESP* basic, const STACK_OF(X509) * responders) {
  const ASN1_OCTET_STRING* key_hash = nullptr;  // borrowed
  const X509_NAME* name = nullptr;              // borrowed
  if (OCSP_resp_get0_id(basic, &key_hash, &name) != 1) return false;
  for (int i = 0; i < sk_X509_num(responders); ++i) {
    const X509* responder = sk_X509_value(responders, i);  // borrowed
    if (name != nullptr) {
      if (X509_NAME_cmp(name, X509_get_subject_name(responder)) == 0) return true;
      continue;
    }
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    if (X509_pubkey_digest(responder, EVP_sha1(), digest.data(), &length) != 1) continue;
    if (ASN1_STRING_length(key_hash) == static_cast<int>(length) &&
        std::equal(digest.begin(), digest.begin() + length, ASN1_STRING_get0_data(key_hash))) {
      return true;
    }
  }
  return false;
}

std::optional<Error> CheckAuthentic(OCSP_BASICRESP* basic, const Subject& subject, Instant now) {
  if (!IsSignedOverStrongDigest(basic)) return Error{Reason::kStapleWeakSignature, ""};
  const X509ShellPtr responders = AuthorizedResponders(basic, subject, now);
  if (!IsNamedResponder(basic, responders.get())) {
    return Error{Reason::kStapleResponderUnauthorized, ""};
  }
  // Who may sign was decided above, so OpenSSL is to look at those certificates alone (NOINTERN),
  // to build no chain of its own (TRUSTOTHER) and to ask no store (OCSP_NOEXPLICIT, no store
  // given): it verifies the signature by the one that the ResponderID names.
  const unsigned long flags = OCSP_NOINTERN | OCSP_TRUSTOTHER | OCSP_NOEXPLICIT;
  const int verified = OCSP_basic_verify(basic, responders.get(), nullptr, flags);
  ERR_clear_error();
  if (verified != 1) return Error{Reason::kStapleSignatureInvalid, ""};
  return std::nullopt;
}

std::string TimeText(const ASN1_GENERALIZEDTIME* time) {
  return std::string(reinterpret_cast<const char*>(ASN1_STRING_get0_data(time)),
                     static_cast<std::size_t>(ASN1_STRING_length(time)));
}

// RFC 6960 section 4.2.2.1, by the same `now` as everything else (OCSP_check_validity(3) would read
// the wall clock). ASN1_TIME_cmp_time_t gives -2 for what is not a time.
std::optional<Error> CheckFresh(const ASN1_GENERALIZEDTIME* this_update,
                                const ASN1_GENERALIZEDTIME* next_update, Instant now) {
  if (this_update == nullptr) return Error{Reason::kStapleMalformed, "no thisUpdate"};
  if (next_update == nullptr) return Error{Reason::kStapleNoNextUpdate, ""};
  // this_update <= now + kClockSkewMaxSeconds
  const int start =
      ASN1_TIME_cmp_time_t(this_update, static_cast<time_t>(now + kClockSkewMaxSeconds));
  if (start == -2) return Error{Reason::kStapleMalformed, "thisUpdate"};
  if (start > 0) return Error{Reason::kStapleFromFuture, TimeText(this_update)};
  // now < next_update + kClockSkewMaxSeconds
  const int end =
      ASN1_TIME_cmp_time_t(next_update, static_cast<time_t>(now - kClockSkewMaxSeconds));
  if (end == -2) return Error{Reason::kStapleMalformed, "nextUpdate"};
  if (end <= 0) return Error{Reason::kStapleStale, TimeText(next_update)};
  if (ASN1_TIME_compare(this_update, next_update) > 0) {
    return Error{Reason::kStapleMalformed, "nextUpdate before thisUpdate"};
  }
  return std::nullopt;
}

// What an authentic staple says of the subject by all its single responses about it.
Result<Word> WordOf(OCSP_BASICRESP* basic, const Subject& subject, Instant now) {
  Word word = Word::kNothing;
  std::optional<Error> doubt;
  for (int i = 0; i < OCSP_resp_count(basic); ++i) {
    OCSP_SINGLERESP* single = OCSP_resp_get0(basic, i);  // borrowed
    if (!IsAbout(single, subject)) continue;
    ASN1_GENERALIZEDTIME* this_update = nullptr;  // borrowed
    ASN1_GENERALIZEDTIME* next_update = nullptr;  // borrowed
    const int status =
        OCSP_single_get0_status(single, nullptr, nullptr, &this_update, &next_update);
    // However old: what was revoked stays revoked.
    if (status == V_OCSP_CERTSTATUS_REVOKED) return Word::kRevoked;
    word = Word::kGood;
    if (status != V_OCSP_CERTSTATUS_GOOD) {
      doubt = Error{Reason::kStapleStatusUnknown, OCSP_cert_status_str(status)};
    } else if (!doubt) {
      doubt = CheckFresh(this_update, next_update, now);
    }
  }
  if (doubt) return *std::move(doubt);
  return word;
}

bool Mentions(OCSP_BASICRESP* basic, const Subject& subject) {
  for (int i = 0; i < OCSP_resp_count(basic); ++i) {
    if (IsAbout(OCSP_resp_get0(basic, i), subject)) return true;
  }
  return false;
}

// What `staple` says of `subject`, if it may say anything.
Result<Word> Judge(const ParsedStaple& staple, const Subject& subject, Instant now) {
  if (!staple.basic) return staple.error;
  if (!Mentions(staple.basic.get(), subject)) return Error{Reason::kStapleOtherCertificate, ""};
  if (std::optional<Error> error = CheckAuthentic(staple.basic.get(), subject, now)) return *error;
  return WordOf(staple.basic.get(), subject, now);
}

bool IsNamedFor(const ParsedStaple& staple, const X509* certificate) {
  const std::vector<std::string> names = StapleNames(certificate);
  return std::find(names.begin(), names.end(), staple.name) != names.end();
}

// Nothing if the subject is vouched for; else why not. A name is a label: every staple is heard,
// the label only chooses whose failure is told.
std::optional<Error> CheckNotRevoked(const std::vector<ParsedStaple>& staples,
                                     const Subject& subject, Instant now) {
  const std::string about = SubjectText(subject.certificate);
  bool vouched_for = false;
  Error failure{Reason::kStapleMissing, about};
  for (const ParsedStaple& staple : staples) {
    const Result<Word> word = Judge(staple, subject, now);
    if (word && *word == Word::kRevoked) return Error{Reason::kCertificateRevoked, about};
    if (word && *word == Word::kGood) vouched_for = true;
    if (word || failure.reason != Reason::kStapleMissing) continue;
    if (IsNamedFor(staple, subject.certificate)) {
      failure = word.error();
      failure.detail = failure.detail.empty() ? about : about + ": " + failure.detail;
    }
  }
  if (vouched_for) return std::nullopt;
  return failure;
}

}  // namespace

Result<TrustedSigner> VerifyRevocation(const VerifiedChain& chain,
                                       const std::vector<Staple>& staples, Instant now) {
  std::vector<ParsedStaple> parsed;
  for (const Staple& staple : staples) {
    if (parsed.size() == kStaplesMax) break;
    parsed.push_back(ParseStaple(staple));
  }
  const std::vector<X509Ptr>& path = chain.path();
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    const Subject subject{path[i].get(), path[i + 1].get()};
    if (std::optional<Error> error = CheckNotRevoked(parsed, subject, now)) {
      return *std::move(error);
    }
  }
  X509* signer = path.front().get();
  if (X509_up_ref(signer) != 1) std::abort();
  return TrustedSigner(X509Ptr(signer));
}

}  // namespace eic
