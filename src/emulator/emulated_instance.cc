#include "emulator/emulated_instance.h"

#include <utility>

namespace eic::emulator {

std::string_view NameOf(Instance::State state) {
  switch (state) {
    case Instance::State::kRunning:
      return "running";
    case Instance::State::kPending:
      return "pending";
    case Instance::State::kStopped:
      return "stopped";
  }
  return "";
}

EmulatedInstance::EmulatedInstance(Instance instance, issuer::Authority authority,
                                   const Clock& clock, const ChainSettings& chain,
                                   std::int64_t throttle_per_second)
    : instance_(std::move(instance)),
      tokens_(clock),
      keys_(clock),
      signer_(std::move(authority), clock, chain),
      metadata_(instance_, tokens_, keys_, signer_, throttle_per_second, clock) {}

EmulatedInstance* FindInstance(const InstanceList& instances, std::string_view instance_id) {
  for (const auto& candidate : instances) {
    if (candidate->instance().instance_id == instance_id) return candidate.get();
  }
  return nullptr;
}

}  // namespace eic::emulator
