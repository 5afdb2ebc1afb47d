#include "core/revocation.h"

#include <openssl/objects.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>

#include "core/limits.h"
#include "core/strong_digest.h"

namespace eic {
namespace {

// True if `single` is about the subject's serial and issuer. A CertID can be compared only with one
// made by the same digest, so the digest is taken from the staple, if it is a known one.
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

std::string TimeText(const ASN1_GENERALIZEDTIME* time) {
  return std::string(reinterpret_cast<const char*>(ASN1_STRING_get0_data(time)),
                     static_cast<std::size_t>(ASN1_STRING_length(time)));
}

time_t TimeOf(Instant instant) { return static_cast<time_t>(instant.unix_seconds()); }

// RFC 6960 section 4.2.2.1, by the same `now` as everything else (OCSP_check_validity(3) would read
// the wall clock). ASN1_TIME_cmp_time_t gives -2 for what is not a time.
Result<Nothing> CheckFresh(const ASN1_GENERALIZEDTIME* this_update,
                           const ASN1_GENERALIZEDTIME* next_update, Instant now) {
  if (this_update == nullptr) return Error{Reason::kStapleMalformed, "no thisUpdate"};
  if (next_update == nullptr) return Error{Reason::kStapleNoNextUpdate, ""};
  // this_update <= now + kClockSkewMaxSeconds
  const int start = ASN1_TIME_cmp_time_t(this_update, TimeOf(now + kClockSkewMaxSeconds));
  if (start == -2) return Error{Reason::kStapleMalformed, "thisUpdate"};
  if (start > 0) return Error{Reason::kStapleFromFuture, TimeText(this_update)};
  // now < next_update + kClockSkewMaxSeconds
  const int end = ASN1_TIME_cmp_time_t(next_update, TimeOf(now - kClockSkewMaxSeconds));
  if (end == -2) return Error{Reason::kStapleMalformed, "nextUpdate"};
  if (end <= 0) return Error{Reason::kStapleStale, TimeText(next_update)};
  if (ASN1_TIME_compare(this_update, next_update) > 0) {
    return Error{Reason::kStapleMalformed, "nextUpdate before thisUpdate"};
  }
  return Nothing{};
}

// RFC 6960 section 4.4: a critical extension that is not understood voids what contains it. None is
// understood here: the agent asks nothing, so no answer can depend on one.
bool HasCriticalExtension(OCSP_BASICRESP* basic) {
  return OCSP_BASICRESP_get_ext_by_critical(basic, 1, -1) >= 0;
}

bool HasCriticalExtension(OCSP_SINGLERESP* single) {
  return OCSP_SINGLERESP_get_ext_by_critical(single, 1, -1) >= 0;
}

Error UnknownExtension(std::string_view where) {
  return Error{Reason::kStapleExtensionUnknown, std::string(where)};
}

// Why a single response that is not "revoked" does not vouch.
Result<Nothing> CheckWord(OCSP_SINGLERESP* single, int status,
                          const ASN1_GENERALIZEDTIME* this_update,
                          const ASN1_GENERALIZEDTIME* next_update, Instant now) {
  if (HasCriticalExtension(single)) return UnknownExtension("of the single response");
  if (status != V_OCSP_CERTSTATUS_GOOD) {
    return Error{Reason::kStapleStatusUnknown, OCSP_cert_status_str(status)};
  }
  return CheckFresh(this_update, next_update, now);
}

// What an authentic staple says of the subject in all its single responses about it. "Revoked"
// counts however old it is and whatever its extensions: what was revoked stays revoked.
Result<Word> WordOf(OCSP_BASICRESP* basic, const Subject& subject, Instant now) {
  Result<Nothing> checked = Nothing{};
  if (HasCriticalExtension(basic)) checked = UnknownExtension("of the response");
  for (int i = 0; i < OCSP_resp_count(basic); ++i) {
    OCSP_SINGLERESP* single = OCSP_resp_get0(basic, i);  // borrowed
    if (!IsAbout(single, subject)) continue;
    ASN1_GENERALIZEDTIME* this_update = nullptr;  // borrowed
    ASN1_GENERALIZEDTIME* next_update = nullptr;  // borrowed
    const int status =
        OCSP_single_get0_status(single, nullptr, nullptr, &this_update, &next_update);
    if (status == V_OCSP_CERTSTATUS_REVOKED) return Word::kRevoked;
    if (checked) checked = CheckWord(single, status, this_update, next_update, now);
  }
  if (!checked) return checked.error();
  return Word::kGood;
}

bool Mentions(OCSP_BASICRESP* basic, const Subject& subject) {
  for (int i = 0; i < OCSP_resp_count(basic); ++i) {
    if (IsAbout(OCSP_resp_get0(basic, i), subject)) return true;
  }
  return false;
}

bool IsNamedFor(const std::string& name, const X509* certificate) {
  const std::vector<std::string> names = StapleNames(certificate);
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

HeardStaples::HeardStaples(const std::vector<Staple>& staples, Instant now) : now_(now) {
  for (const Staple& staple : staples) {
    if (staples_.size() == kStaplesMax) break;
    staples_.push_back({staple.name, staple.base64
                                         ? ParseStaple(*staple.base64)
                                         : Result<OcspBasicResponsePtr>(staple.base64.error())});
  }
}

// What one staple says of the subject, if it may say anything. OpenSSL checks it once.
const Result<Word>& HeardStaples::Hear(std::size_t at, const Subject& subject) {
  const auto key = std::make_tuple(at, subject.certificate, subject.issuer);
  const auto known = words_.find(key);
  if (known != words_.end()) return known->second;
  return words_.emplace(key, Judge(staples_[at].basic, subject)).first->second;
}

Result<Word> HeardStaples::Judge(const Result<OcspBasicResponsePtr>& staple,
                                 const Subject& subject) const {
  if (!staple) return staple.error();
  OCSP_BASICRESP* basic = staple->get();
  if (!Mentions(basic, subject)) return Error{Reason::kStapleOtherCertificate, ""};
  const Result<Nothing> authentic = CheckAuthentic(basic, subject, now_);
  if (!authentic) return authentic.error();
  return WordOf(basic, subject, now_);
}

// A name is a label: every staple counts, and
// the label only chooses whose failure is reported.
Result<Nothing> HeardStaples::CheckNotRevoked(const Subject& subject) {
  const std::string about = SubjectText(subject.certificate);
  bool vouched_for = false;
  Error failure{Reason::kStapleMissing, about};
  for (std::size_t i = 0; i < staples_.size(); ++i) {
    const Result<Word>& word = Hear(i, subject);
    if (word && *word == Word::kRevoked) return Error{Reason::kCertificateRevoked, about};
    if (word && *word == Word::kGood) vouched_for = true;
    if (word || failure.reason != Reason::kStapleMissing) continue;
    if (IsNamedFor(staples_[i].name, subject.certificate)) {
      failure = word.error();
      failure.detail = failure.detail.empty() ? about : about + ": " + failure.detail;
    }
  }
  if (vouched_for) return Nothing{};
  return failure;
}

Result<TrustedSigner, Unvouched> VerifyRevocation(const VerifiedChain& chain,
                                                  HeardStaples& staples) {
  const std::vector<X509Ptr>& path = chain.path();
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    const Subject subject{path[i].get(), path[i + 1].get()};
    const Result<Nothing> vouched_for = staples.CheckNotRevoked(subject);
    if (!vouched_for) return Unvouched{vouched_for.error(), i};
  }
  X509* signer = path.front().get();
  if (X509_up_ref(signer) != 1) std::abort();
  return TrustedSigner(X509Ptr(signer));
}

}  // namespace eic
