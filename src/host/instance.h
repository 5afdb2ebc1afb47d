// Is this an EC2 instance, and which one? doc/design.md step 3. The hypervisor answers, not the
// network.
#pragma once

#include <optional>
#include <string>

#include "core/result.h"

namespace eic {

struct Instance {
  // From DMI, on Nitro and metal. On Xen the host does not know it, and metadata supplies it.
  std::optional<std::string> id;
};

// Reads below `sysfs_root`, in place of /sys. Fails with kNotAnInstance.
Result<Instance> IdentifyInstance(const std::string& sysfs_root);

}  // namespace eic
