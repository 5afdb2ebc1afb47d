// What a printed line has to be: the one canonical line of a key.
#pragma once

#include <string>

#include "core/base64.h"
#include "core/ssh_public_key.h"

namespace eic::testkit {

// The fingerprint of the key of `line`, as vectors name it; otherwise what is wrong with the line.
inline std::string FingerprintOfLine(const std::string& line) {
  const Result<SshPublicKey> key = ParseSshPublicKey(line);
  if (!key) return "not a key: " + line;
  if (line != std::string(key->type->name) + ' ' + EncodeBase64(key->wire)) {
    return "not canonical: " + line;
  }
  const Result<std::string> fingerprint = FingerprintOf(*key, FingerprintHash::kSha256);
  return fingerprint ? *fingerprint : "no fingerprint";
}

}  // namespace eic::testkit
