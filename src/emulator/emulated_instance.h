// One instance with all that is its own: tokens, live keys, signer, metadata.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "emulator/clock.h"
#include "emulator/instance.h"
#include "emulator/metadata/key_store.h"
#include "emulator/metadata/metadata_routes.h"
#include "emulator/metadata/record_signer.h"
#include "emulator/metadata/role_credentials.h"
#include "emulator/metadata/token_mint.h"

namespace eic::emulator {

class EmulatedInstance {
 public:
  // `throttle_per_second` 0: metadata takes any number of requests. `role` null: it has none.
  EmulatedInstance(Instance instance, issuer::Authority authority, const Clock& clock,
                   const ChainSettings& chain = {}, std::int64_t throttle_per_second = 0,
                   std::unique_ptr<RoleCredentials> role = nullptr);

  const Instance& instance() const { return instance_; }
  KeyStore& keys() { return keys_; }
  RecordSigner& signer() { return signer_; }
  MetadataRoutes& metadata() { return metadata_; }

 private:
  const Instance instance_;
  const TokenMint tokens_;
  KeyStore keys_;
  RecordSigner signer_;
  const std::unique_ptr<RoleCredentials> role_;
  MetadataRoutes metadata_;
};

using InstanceList = std::vector<std::unique_ptr<EmulatedInstance>>;

// Null when there is none of that id.
EmulatedInstance* FindInstance(const InstanceList& instances, std::string_view instance_id);

}  // namespace eic::emulator
