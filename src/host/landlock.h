// Which files and ports are left, by Landlock (landlock(7), Linux 5.13 and later). doc/design.md,
// "Confinement".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace eic {

// From now on this process may read only `readable` (files, and everything below folders), write
// nowhere and, if the kernel supports it (ABI 4, Linux 6.7), connect by TCP to `port` only, or
// nowhere without one. Paths that do not exist are left out. Needs no_new_privs. Returns the ABI
// that was used; 0 if the kernel has none or refused, and then nothing has changed.
int RestrictFilesAndPorts(const std::vector<std::string>& readable,
                          std::optional<std::uint16_t> port);

// From now on this process, and what it executes, may read and execute as before, and change no
// file but /dev/null; from ABI 6 on (Linux 6.12) it sends no signal to a process outside. Needs
// no_new_privs. Returns the same.
int ForbidChanges();

}  // namespace eic
