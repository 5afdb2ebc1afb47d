// The public key of a record: doc/design.md step 5 reads it, step 10 prints it.
//
// Grammar of the key line (doc/key-blob.md; RFC 4253 section 6.6, RFC 8332, RFC 8709, RFC 5656):
//
//   key-line       := type blank+ base64 (blank+ comment)?
//   wire           := string(type) parameters    // what base64 holds, to its last byte
//   parameters     := rsa | ed25519 | ecdsa
//   rsa            := mpint(e) mpint(n)           // of ssh-rsa
//   ed25519        := string(32 bytes)            // of ssh-ed25519
//   ecdsa          := string("nistpNNN") string(uncompressed point)    // of ecdsa-sha2-nistpNNN
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace eic {

// A type of key that may be printed. `curve` is null if it has none.
struct KeyType {
  const char* name;
  enum class Family { kRsa, kEd25519, kEcdsa } family;
  const char* curve;
  int curve_nid;
};

// The row of the table of types, or null for a type that is never printed.
const KeyType* FindKeyType(std::string_view name);

enum class FingerprintHash { kSha256, kMd5 };

// A key that has the form of its type. This says nothing about who sent it.
struct SshPublicKey {
  const KeyType* type;
  std::string wire;
};

// Parses a key line without its LF. Fails with
//   kKeyMalformed        not the grammar above, an even or tiny exponent, a point off its curve
//   kKeyTypeUnsupported  a type that is never printed, or options before the type
//   kKeyTypeMismatch     the text names another type than the wire bytes
//   kKeyTooSmall         RSA of less than kPrintedRsaBitsMin bits
Result<SshPublicKey> ParseSshPublicKey(std::string_view line);

// `SHA256:...` or `MD5:...` as sshd writes it. Fails with kFingerprintUnavailable if OpenSSL
// refuses the digest.
Result<std::string> FingerprintOf(const SshPublicKey& key, FingerprintHash hash);

// `type base64`: built from the decoded key, with no options, no comment and no LF.
std::string AuthorizedKeysLine(const SshPublicKey& key);

}  // namespace eic
