// The checks of doctor as a table: a new one is one entry, with its row in the test of its family
// and, where it can be planted, one in tests/doctor/faults.sh.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "admin/doctor/world.h"

namespace eic::admin {

enum class Level { kWarning, kBroken };

struct Check {
  std::string_view id;  // a contract, as the slugs of reasons are
  Level level;
  std::string_view fault;  // what is wrong
  std::string_view sight;  // what is looked at
  std::string_view remedy;
  // How it was seen; nothing where all is well, or another check has the cause.
  std::optional<std::string> (*look)(const World& world);
};

struct Finding {
  const Check* check;
  std::string seen;
};

// One family a file.
const std::vector<Check>& SlotChecks();
const std::vector<Check>& ChainChecks();
const std::vector<Check>& CommandChecks();
const std::vector<Check>& UserChecks();
const std::vector<Check>& SshdChecks();
const std::vector<Check>& MetadataChecks();
const std::vector<Check>& TrustChecks();
const std::vector<Check>& PlatformChecks();

// All of them, in the order in which a login meets what they look at.
std::vector<const Check*> AllChecks();

std::vector<Finding> Examine(const World& world);

// `broken` or `warning`.
std::string_view LevelSlug(Level level);

}  // namespace eic::admin
