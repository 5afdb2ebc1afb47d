// The blob: what metadata serves for one OS user. doc/design.md step 5, doc/key-blob.md.
//
//   blob      := (blank-line | record)*
//   record    := metadata* key-line signature* end
//   metadata  := '#' name '=' value LF     // names: Timestamp, Instance, Caller, Request, others
//   key-line  := see ssh_public_key.h, LF
//   signature := base64 LF                 // on one line or wrapped
//   end       := blank-line | end of input
//
// The signed bytes of a record are its metadata lines and its key line, exactly as they arrived,
// each with its LF: one view into the blob, never reassembled.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/instant.h"
#include "core/result.h"
#include "core/ssh_public_key.h"

namespace eic {

// When a record expires, by its own statement. Not a time of this host: it cannot serve as `now`.
class Expiry {
 public:
  explicit Expiry(std::int64_t unix_seconds) : unix_seconds_(unix_seconds) {}

  // now < expiry
  bool IsAhead(Instant now) const { return now < Instant(unix_seconds_); }
  std::int64_t SecondsSince(Instant now) const { return now - Instant(unix_seconds_); }
  std::int64_t unix_seconds() const { return unix_seconds_; }

 private:
  std::int64_t unix_seconds_;
};

// A parsed record. Untrusted: only its form is known to be right. The views borrow the blob.
struct KeyRecord {
  std::string_view signed_bytes;
  Expiry expiry{0};
  std::string_view instance_id;
  std::string_view caller;      // IAM principal; empty if the record names none
  std::string_view request_id;  // of the API call; empty if the record names none
  SshPublicKey key;
  std::string signature;  // decoded
};

// A dropped record: why it was dropped, and what is known of it. Owns its text.
struct Rejection {
  Error error;
  std::optional<SshPublicKey> key;  // if its key line could be read
  std::string caller;
  std::string request_id;
};

// `error` as the fate of `record`.
Rejection Reject(const KeyRecord& record, Error error);

struct ParsedBlob {
  std::vector<KeyRecord> records;
  std::vector<Rejection> rejections;
};

// Parses `blob` of at most kBlobBytesMax bytes. Never fails as a whole: a bad record becomes a
// rejection and parsing continues after it, so that it cannot hide a good one. Reasons:
//   kRecordMalformed, kRecordIncomplete, kFieldRepeated, kTimestampMissing, kTimestampMalformed,
//   kInstanceMissing, kSignatureMalformed, kTooManyRecords, and those of ParseSshPublicKey.
ParsedBlob ParseKeyBlob(std::string_view blob);

}  // namespace eic
