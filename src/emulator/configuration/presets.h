// Places and shapes of instances by name, so that nobody has to look up a partition's domain.
#pragma once

#include <string>
#include <string_view>

#include "emulator/instance.h"
#include "emulator/metadata/record_signer.h"

namespace eic::emulator {

// All of them, each with a blank in front.
std::string PresetNames();

// Sets what the preset `name` is about. A partition or a kind of zone sets region, zone and domain;
// `xen` the hypervisor; `sha256-staples`, `cross-signed` and `rotating` the chain. Throws
// EmulatorError, with the names, for an unknown one.
void ApplyPreset(std::string_view name, Instance& instance, ChainSettings& chain);

}  // namespace eic::emulator
