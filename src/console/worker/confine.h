// What a worker gives up before it reads an instance's bytes.
#pragma once

#include <vector>

namespace eic::console {

// The confinement that is in force; for messages to a person and for tests.
struct Confined {
  bool has_null = false;  // standard input, output and error are /dev/null
  bool no_new_privileges = false;
  bool not_dumpable = false;
  bool resource_limits = false;
  bool system_calls = false;  // seccomp: reads, writes, memory, time; nothing that opens or makes
  int landlock_abi = 0;       // 0: this kernel has no Landlock

  // Everything that this build requires; Landlock is not required, because old kernels lack it.
  bool IsWhole() const;
};

// Closes every descriptor but `kept` and those of standard input, output and error, which become
// /dev/null. After that: no new privileges, no core, no inspection by other processes, no file, no
// new socket, no program, no child. Call it once, before the process has a second thread and after
// libraries have read their configuration.
//
// A build with sanitizers or coverage applies only the limits that these tolerate.
Confined Confine(const std::vector<int>& kept);

// Wipes the inherited environment, in memory too, because AWS's keys may be in it. PATH and LANG
// are not needed either.
void WipeEnvironment();

}  // namespace eic::console
