// What the kernel itself says of Landlock: tests do not ask the code that they test.
#pragma once

#include <unistd.h>

namespace eic {

// The ABI of this kernel's Landlock (landlock_create_ruleset(2), LANDLOCK_CREATE_RULESET_VERSION);
// 0 where it has none, or none that is switched on.
inline int KernelLandlockAbi() {
  constexpr long kCreateRuleset = 444;  // of every architecture; older headers lack it
  constexpr unsigned kVersionFlag = 1;
  const long abi = syscall(kCreateRuleset, nullptr, 0, kVersionFlag);
  return abi < 1 ? 0 : static_cast<int>(abi);
}

}  // namespace eic
