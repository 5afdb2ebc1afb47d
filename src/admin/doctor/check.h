// The checks of doctor as a table, in families. A family is a pair of files: the facts that it
// looks at, how they are gathered, and its checks. CONTRIBUTING.md says how one is added.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace eic::admin {

struct World;

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

using Sentences = std::vector<std::string>;

struct Family {
  std::vector<Check> checks;
  // What its checks could not look at, and why; nullptr: they always can.
  void (*tell_unlooked)(const World& world, Sentences* sentences);
};

struct Finding {
  const Check* check;
  std::string seen;
};

// All of them, in the order in which a login meets what they look at.
std::vector<const Check*> AllChecks();

std::vector<Finding> Examine(const World& world);

// What was not looked at, as sentences; told to people and programs.
Sentences Unlooked(const World& world);

// `broken` or `warning`.
std::string_view LevelSlug(Level level);

}  // namespace eic::admin
