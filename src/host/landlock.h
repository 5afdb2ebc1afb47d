// Which files and ports are left, by Landlock (landlock(7), Linux 5.13 and later). doc/design.md,
// "Confinement".
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace eic {

// From now on this process may read `readable` (files, and what lies below folders) and nothing
// else, write nowhere and, where the kernel can hold that (ABI 4, Linux 6.7), connect by TCP to
// `port` only. What does not exist is left out. Needs no_new_privs. Returns the ABI that was used;
// 0 where the kernel has none or refused, and then nothing has changed.
int RestrictFilesAndPorts(const std::vector<std::string>& readable, std::uint16_t port);

}  // namespace eic
