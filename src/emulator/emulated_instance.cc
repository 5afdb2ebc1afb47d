#include "emulator/emulated_instance.h"

#include <utility>

namespace eic::emulator {

EmulatedInstance::EmulatedInstance(Instance instance, issuer::Authority authority,
                                   const Clock& clock, const ChainSettings& chain,
                                   std::int64_t throttle_per_second,
                                   std::unique_ptr<RoleCredentials> role)
    : instance_(std::move(instance)),
      tokens_(clock),
      keys_(clock),
      signer_(std::move(authority), clock, chain),
      role_(std::move(role)),
      metadata_(instance_, tokens_, keys_, signer_, throttle_per_second, clock, role_.get()) {}

EmulatedInstance* FindInstance(const InstanceList& instances, std::string_view instance_id) {
  for (const auto& candidate : instances) {
    if (candidate->instance().instance_id == instance_id) return candidate.get();
  }
  return nullptr;
}

}  // namespace eic::emulator
