// The keeper: starts the members, each as its user, watches the time, kills and reaps. It reads no
// byte of their output: the collector does, in a process without rights. doc/design.md, "The
// chain".
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "chain/collector.h"
#include "chain/runnable.h"

namespace eic::chain {

// Runs all members at the same time, and in another child the collector, which gets their outputs
// and the keeper's messages. Returns the collector's exit status once it has ended;
// the members' process groups are killed then, whether the members themselves still run or not. No
// member outlives a keeper that is killed itself; what it started in its group may. Reaps the
// children that have ended by then; those killed at the very end are left to the process that reaps
// after this one. Each has its own time limit and `run_limit`, whichever is over first. A collector
// that is killed, or takes longer than the limits allow, is kCollectorLost.
int Keep(const std::vector<Runnable>& members, std::chrono::milliseconds run_limit,
         const std::function<int(const std::vector<Source>& sources, int ends)>& collector);

inline constexpr int kCollectorLost = 70;  // EX_SOFTWARE: sshd voids what was printed

}  // namespace eic::chain
