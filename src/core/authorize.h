// The decision, in two halves, so that the second half's evidence is fetched only where the first
// half found something to decide. No network, files, clock or log: bytes, request and time in,
// decision out. doc/design.md steps 5 and 7 to 9.
#pragma once

#include <string>
#include <vector>

#include "core/evidence.h"
#include "core/other_paths.h"
#include "core/revocation.h"
#include "core/select.h"
#include "core/signature.h"

namespace eic {

// What may be printed, and what was dropped and why.
struct Decision {
  std::vector<VerifiedKey> keys;
  std::vector<Rejection> rejections;
  std::string instance_id{};  // which instance it was made for, for the log
};

// First half: SelectCandidates (core/select.h).

// Second half: which candidates are genuine, as of `now`. All candidates share the evidence: if it
// fails, every candidate is rejected for that reason. `anchors` is borrowed.
Decision VerifyCandidates(const Selection& selection, const Evidence& evidence, X509_STORE* anchors,
                          Instant now, const HasTime& has_time);

// Steps 7 and 8: whether the signer of the evidence can be trusted. OpenSSL's own path is tried
// first. If it fails, the others are tried while `has_time`; if all fail, the reason is that of the
// first. But "revoked" about the signer, on any of them, is final.
Result<TrustedSigner> VerifySigner(const Evidence& evidence, X509_STORE* anchors, Instant now,
                                   const HasTime& has_time);

// Every candidate rejected for the same `error`.
Decision RejectAll(const Selection& selection, const Error& error);

}  // namespace eic
