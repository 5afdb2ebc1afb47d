// Is this an EC2 instance, and which one? doc/design.md step 3. Asked of the hypervisor, not of the
// network.
#pragma once

#include <optional>
#include <string>

#include "core/result.h"

namespace eic {

struct Instance {
  // From DMI, on Nitro and metal. On Xen the host does not know it: metadata is asked.
  std::optional<std::string> id;
};

// Reads below `sysfs_root`, which stands for /sys. Fails with kNotAnInstance.
Result<Instance> IdentifyInstance(const std::string& sysfs_root);

}  // namespace eic
