// Which records of a blob could be what sshd asks for. doc/design.md step 5.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/instant.h"
#include "core/key_blob.h"
#include "core/request.h"
#include "core/result.h"

namespace eic {

// Records worth a look at the rest of the evidence. Still untrusted; they borrow the blob.
struct Candidates {
  std::vector<KeyRecord> records;
  std::vector<Rejection> rejections;
};

// Parses `blob` and keeps the records of this `instance_id` that are live at `now`
// (`now < expiry`) and are the key that sshd asks for. A record of another key than the offered one
// is left out without a rejection, whatever else is wrong with it: an offer by a stranger must
// not write to the log. Rejections: those of ParseKeyBlob, kInstanceMismatch, kKeyExpired. Fails
// with kFingerprintUnavailable.
Result<Candidates> SelectCandidates(std::string_view blob, const Request& request,
                                    std::string_view instance_id, Instant now);

}  // namespace eic
