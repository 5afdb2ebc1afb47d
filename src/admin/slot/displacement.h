// Whose command may be displaced by what.
#pragma once

namespace eic::admin {

// What is done where somebody else's command is in the slot.
enum class IfTaken { kRefuse, kReplace, kChain };

}  // namespace eic::admin
