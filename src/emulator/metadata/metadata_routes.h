// The instance metadata service, IMDSv2, as far as the agent and people's curl ask it.
//
// Checks in the service's order: whether it may answer at all, method, token, path.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "emulator/http.h"
#include "emulator/instance.h"
#include "emulator/metadata/key_store.h"
#include "emulator/metadata/record_signer.h"
#include "emulator/metadata/role_credentials.h"
#include "emulator/metadata/throttle.h"
#include "emulator/metadata/token_mint.h"

namespace eic::emulator {

class MetadataRoutes {
 public:
  // Borrows all but throttle and clock for its own lifetime. `role` may be null.
  MetadataRoutes(const Instance& instance, const TokenMint& tokens, KeyStore& keys,
                 RecordSigner& signer, std::int64_t throttle_per_second, Clock clock,
                 RoleCredentials* role = nullptr);

  HttpAnswer Answer(const HttpRequest& request);

 private:
  HttpAnswer AnswerToken(const HttpRequest& request) const;

  // Each gives the body of a resource, or nothing when there is none.
  std::optional<std::string> Resource(std::string_view path);
  std::optional<std::string> PlainValue(std::string_view name) const;
  std::optional<std::string> Iam(std::string_view name);
  std::optional<std::string> ManagedSshKeys(std::string_view name);
  std::optional<std::string> Staple(std::string_view name);
  std::string StapleList();
  std::string IdentityDocument() const;

  const Instance& instance_;
  const TokenMint& tokens_;
  KeyStore& keys_;
  RecordSigner& signer_;
  Throttle throttle_;
  RoleCredentials* const role_;
};

}  // namespace eic::emulator
