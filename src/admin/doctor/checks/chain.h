// Of doctor: the chain of commands, where sshd runs it, and how long its members take.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "admin/doctor/check.h"
#include "admin/doctor/checks/slot.h"
#include "admin/outside.h"

namespace eic::admin {

// A member of the chain, run once as a login would run it.
struct MemberRun {
  std::string name;
  long took_ms = 0;
  std::string verdict;  // `ok`, or a word of eic-chain(8)
};

// The chain, where sshd runs it.
struct Chain {
  std::string failure;               // of the folder; empty: it could be read
  std::vector<std::string> refused;  // `FILE: WHY`
  std::string why_unlooked;          // it was not to be run here; empty: it was
  std::string why_not_run;           // it could not be run; empty: it could
  std::vector<MemberRun> runs;
  long longest_s = 0;  // what one run may take: a member's time limit, or the run's

  // `10-ec2-instance-connect 12 ms, 50-former 3 ms (exit-status)`.
  std::string Times() const;
};

// None where sshd does not run the chain. Runs each member once, as a login of `login` would;
// empty: of root.
std::optional<Chain> LookAtChain(const Outside& outside, const Slot& slot,
                                 const std::string& login);

const Family& ChainFamily();

}  // namespace eic::admin
