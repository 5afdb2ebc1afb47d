// Records, good ones and damaged ones, signed in the name of the service.
#pragma once

#include <string>
#include <string_view>

#include "core/instant.h"
#include "issuer/records.h"
#include "tests/testkit/key_ring.h"

namespace eic::testkit {

// The moment of all tests: 2033-05-18T03:33:20Z.
inline constexpr Instant kNow{2000000000};
inline constexpr std::string_view kInstance = "i-0123456789abcdef0";
inline constexpr std::string_view kUserKey = "user-ed25519";

class Notary {
 public:
  // `keys` is borrowed and outlives this. `signer_key` names the key that signs.
  explicit Notary(KeyRing& keys, std::string signer_key = "signer")
      : keys_(keys), signer_key_(std::move(signer_key)) {}

  // A good record of this instance for `user_key`, live for 60 seconds, to be damaged before it is
  // signed. Its lines: Timestamp, Instance, Caller, Request.
  issuer::RecordSpec Record(std::string_view user_key = kUserKey);

  // `type base64` of a key of the ring.
  std::string KeyLine(std::string_view user_key);

  std::string Sign(const issuer::RecordSpec& record);
  std::string SignWith(const issuer::RecordSpec& record, std::string_view key);

  // A whole good record.
  std::string Good(std::string_view user_key = kUserKey) { return Sign(Record(user_key)); }

  KeyRing& keys() { return keys_; }

 private:
  KeyRing& keys_;
  std::string signer_key_;
};

// `text` with the first `from` in it replaced by `to`. Throws IssuerError where there is none.
std::string Replaced(std::string text, std::string_view from, std::string_view to);

}  // namespace eic::testkit
