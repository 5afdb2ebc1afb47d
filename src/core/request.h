// What sshd asks: doc/design.md step 1, sshd_config(5) AuthorizedKeysCommand with `%u %f %t`.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/ssh_public_key.h"

namespace eic {

// A fingerprint as sshd writes it: `SHA256:` and 43 characters of base64 without padding, or `MD5:`
// and 16 bytes in lower-case hexadecimal, joined by colons (sshd_config(5) FingerprintHash).
struct Fingerprint {
  FingerprintHash hash;
  std::string text;  // with its prefix
};

// A user name that can be one segment of a metadata path. Made by ParseUserName alone.
class UserName {
 public:
  const std::string& text() const { return text_; }

 private:
  explicit UserName(std::string_view text) : text_(text) {}
  friend Result<UserName> ParseUserName(std::string_view text);

  std::string text_;
};

struct Request {
  UserName user;
  std::optional<Fingerprint> fingerprint;  // of the offered key, if sshd gave it
};

// 1 to kUserNameBytesMax bytes, none of them `/` or a control character, not `.` or `..`. Fails
// with kUserNameInvalid, or with kUserNameNeverPushed for a name with a backslash (a Windows
// domain): the API accepts none.
Result<UserName> ParseUserName(std::string_view text);

// Fails with kFingerprintInvalid.
Result<Fingerprint> ParseFingerprint(std::string_view text);

// True if a key of this type (`%t`) can be in a blob and be printed. False for certificates,
// security keys and every type that is unknown here.
bool IsDeliverableKeyType(std::string_view key_type);

// True if `key` is the key that sshd asks for: always, if sshd gives no fingerprint. Fails with
// kFingerprintUnavailable if OpenSSL does not compute the digest (MD5 under FIPS).
Result<bool> IsRequested(const Request& request, const SshPublicKey& key);

}  // namespace eic
