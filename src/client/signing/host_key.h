// The key that a host showed, and signatures by it.
//
//   signature := string(algorithm) string(bytes)
//
// Plain keys of core/ssh_public_key.h, and OpenSSH's certificates of them (PROTOCOL.certkeys): of a
// certificate its own key counts. Who certified it is ssh's business, which checked it before.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/openssl_handles.h"

namespace eic::client {

struct HostKey {
  std::string type;     // of the plain key: `ssh-ed25519`, `ssh-rsa`, `ecdsa-sha2-nistp...`
  std::string blob;     // of the plain key
  bool is_certificate;  // it came in one
  EvpPkeyPtr key;
};

// Nothing for a type that OpenSSH's defaults do not take from a host (DSA, RSA below 2048 bits),
// and for what has not the form of its type.
std::optional<HostKey> ParseHostKey(std::string_view blob);

// True if `signature` is by `key` over `data`, in an algorithm of the key's type: RSA with SHA-2
// only.
bool IsSignedByHost(const HostKey& key, std::string_view signature, std::string_view data);

}  // namespace eic::client
