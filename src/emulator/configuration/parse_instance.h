// One instance of the configuration.
#pragma once

#include "emulator/configuration/configuration.h"
#include "emulator/configuration/members.h"

namespace eic::emulator {

// Throws EmulatorError for what is not as configuration.h has it. Whether its role and image exist
// is not known here.
ConfiguredInstance ParseInstance(Members& members);

// Throws EmulatorError for a tag that EC2 would not take: an empty or long key, a long value.
void CheckTag(const std::string& key, const std::string& value);

}  // namespace eic::emulator
