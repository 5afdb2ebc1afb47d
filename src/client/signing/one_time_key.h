// A key pair that lives for one login, its private half in memory that OpenSSL wipes, and that is
// neither swapped nor dumped where the system allows that.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "aws/failure.h"
#include "client/keeper/keeper_client.h"
#include "core/openssl_handles.h"

namespace eic::client {

// Sets aside the memory for private keys, once a process and before the first key. Gives what a
// person may want to know of it with -v; empty where it is as it should be.
std::string PrepareSecureMemory();

class OneTimeKey {
 public:
  // RSA of 2048 bits where OpenSSL refuses Ed25519, as under FIPS 140-2. RSA: of the sizes that the
  // service takes, the one that is made fastest; it protects one minute.
  //
  // Fails with `NoRoom` where secure memory is used up for now, or `KeyFailed`.
  static aws::Outcome<OneTimeKey> Make(KeyType type);

  KeyType type() const { return type_; }
  // In the wire format: `string(type) parameters`.
  const std::string& blob() const { return blob_; }
  // OpenSSH's form, `TYPE BASE64`.
  std::string PublicLine() const;

  // The name of the signature that `flags` of a sign request ask for; nothing for RSA with SHA-1.
  std::optional<std::string_view> AlgorithmFor(std::uint32_t flags) const;
  // `string(algorithm) string(bytes)`; nothing where OpenSSL fails.
  std::optional<std::string> Sign(std::string_view data, std::string_view algorithm) const;

 private:
  OneTimeKey(KeyType type, EvpPkeyPtr key, std::string blob)
      : type_(type), key_(std::move(key)), blob_(std::move(blob)) {}

  KeyType type_;
  EvpPkeyPtr key_;
  std::string blob_;
};

}  // namespace eic::client
