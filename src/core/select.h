// Which records of a blob could be what sshd asks for. doc/design.md step 5.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/instant.h"
#include "core/key_blob.h"
#include "core/request.h"
#include "core/result.h"

namespace eic {

struct Selection;

// A record that needs the rest of the evidence: it names this instance, is live, and has the key
// that sshd asks for. Still untrusted; it borrows the blob. Made by SelectCandidates alone.
class Candidate {
 public:
  const KeyRecord& record() const { return record_; }

 private:
  explicit Candidate(KeyRecord record) : record_(std::move(record)) {}
  friend Result<Selection> SelectCandidates(std::string_view blob, const Request& request,
                                            std::string_view instance_id, Instant now);
  friend class ForTests;  // tests/fakes/for_tests.h

  KeyRecord record_;
};

struct Selection {
  std::vector<Candidate> candidates;
  std::vector<Rejection> rejections;
};

// Parses `blob` and keeps the records of this `instance_id` that are live at `now`
// (`now < expiry`) and are the key that sshd asks for. A record of another key than the offered one
// is left out without a rejection, whatever else is wrong with it: an offer by a stranger must
// not cause a log line. Rejections: those of ParseKeyBlob, kInstanceMismatch, kKeyExpired. Fails
// with kFingerprintUnavailable.
Result<Selection> SelectCandidates(std::string_view blob, const Request& request,
                                   std::string_view instance_id, Instant now);

}  // namespace eic
