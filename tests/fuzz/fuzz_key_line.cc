// The key line: core/ssh_public_key. An input that begins with a byte below 8 is the wire bytes of
// a key of that type (or of a type that names another), so that the fuzzer need not find its way
// through base64.
#include "core/base64.h"
#include "core/request.h"
#include "tests/fuzz/properties.h"
#include "tests/fuzz/targets.h"

namespace eic::fuzz {
namespace {

constexpr const char* kTypes[] = {"ssh-rsa",
                                  "ssh-ed25519",
                                  "ecdsa-sha2-nistp256",
                                  "ecdsa-sha2-nistp384",
                                  "ecdsa-sha2-nistp521",
                                  "ssh-dss",
                                  "sk-ssh-ed25519@openssh.com",
                                  "ssh-rsa-cert-v01@openssh.com"};

std::string LineOf(std::string_view input) {
  const std::size_t type = input.empty() ? 255 : static_cast<unsigned char>(input[0]);
  if (type >= std::size(kTypes)) return std::string(input);
  return std::string(kTypes[type]) + ' ' + EncodeBase64(input.substr(1));
}

}  // namespace

void KeyLine(std::string_view input) {
  const std::string line = LineOf(input);
  const Result<SshPublicKey> key = ParseSshPublicKey(line);
  if (!key) return;
  HoldCanonicalLine(*key);
  const std::string canonical = AuthorizedKeysLine(*key);
  Hold(line.rfind(key->type->name, 0) == 0, "a key line begins with its type");
  Hold(line.find(canonical.substr(canonical.find(' ') + 1)) != std::string::npos,
       "what is printed stood in the line");
  for (const FingerprintHash hash : {FingerprintHash::kSha256, FingerprintHash::kMd5}) {
    const Result<std::string> text = FingerprintOf(*key, hash);
    Hold(text && ParseFingerprint(*text).ok(), "a fingerprint is one that sshd could ask for");
  }
}

}  // namespace eic::fuzz
