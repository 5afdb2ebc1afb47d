// The decision, in two halves, so that the second half's evidence is fetched only where the first
// half found something to decide. No network, files, clock or log: bytes, request and time in,
// decision out. doc/design.md steps 5 and 7 to 9.
#pragma once

#include <vector>

#include "core/evidence.h"
#include "core/select.h"
#include "core/signature.h"

namespace eic {

// What may be printed, and what was dropped and why.
struct Decision {
  std::vector<VerifiedKey> keys;
  std::vector<Rejection> rejections;
};

// First half: SelectCandidates (core/select.h).

// Second half: which candidates are genuine, as of `now`. The evidence stands for all of them:
// where it does not hold, every candidate is rejected for that reason. `anchors` is borrowed.
Decision VerifyCandidates(const Candidates& candidates, const Evidence& evidence,
                          X509_STORE* anchors, Instant now);

// Every candidate rejected for the same `error`.
Decision RejectAll(const Candidates& candidates, const Error& error);

}  // namespace eic
