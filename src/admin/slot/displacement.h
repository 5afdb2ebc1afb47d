// Which command may replace which: the one table that plans, refusals and doctor use.
// doc/enable.md shows it, and tests/admin/slot/displacement_test.cc compares the two.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "admin/layout.h"

namespace eic::admin {

// What the administrator, or a package, asks for.
enum class Intent {
  kEnable,
  kReplace,  // enable --replace
  kChain,    // enable --chain
  kDisable,
};

// Who holds a place that sets AuthorizedKeysCommand.
enum class Holder {
  kNobody,          // nothing is set
  kNone,            // an explicit `none`, which is somebody's decision
  kOurs,            // the agent of this package, or its chain
  kShellAgent,      // the shell agent, whose program is there
  kShellAgentName,  // one of its paths, which leads to our agent or to nothing
  kSomebodyElse,
};

// Where that place is.
enum class Where {
  kFiles,        // for all logins: outside of Match blocks, or in `Match all`
  kWideMatch,    // a Match block that means the ordinary login, and leaves somebody out
  kOtherMatch,   // any other Match block
  kCommandLine,  // of sshd: an option in its unit, or one that it runs with
};

// What happens to its command.
enum class Fate {
  kStays,
  kGivesWay,  // the lines become comments, which `disable` makes lines again
  kJoins,     // the same, and the command goes on as a member of the chain
  kRefused,   // nothing is changed
};

Fate FateOf(Holder holder, Where where, Intent intent);

// The holder of what a place sets; nullopt if it sets no command.
Holder HolderOf(const Layout& layout, const std::optional<std::string>& command);

// Whether no command runs.
constexpr bool IsVacant(Holder holder) {
  return holder == Holder::kNobody || holder == Holder::kNone;
}

}  // namespace eic::admin
