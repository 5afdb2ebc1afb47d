#include "admin/doctor/check.h"

#include "admin/doctor/world.h"

namespace eic::admin {
namespace {

std::vector<const Family*> AllFamilies() {
  return {&WayInFamily(),    &SlotFamily(),  &ChainFamily(),    &CommandFamily(),
          &AcceptedFamily(), &LoginFamily(), &MetadataFamily(), &TrustFamily(),
          &AccountFamily(),  &TriedFamily(), &PlatformFamily()};
}

}  // namespace

std::vector<const Check*> AllChecks() {
  std::vector<const Check*> all;
  for (const Family* family : AllFamilies()) {
    for (const Check& check : family->checks) all.push_back(&check);
  }
  return all;
}

std::vector<Finding> Examine(const World& world) {
  std::vector<Finding> findings;
  for (const Check* check : AllChecks()) {
    if (std::optional<std::string> seen = check->look(world)) {
      findings.push_back({check, *std::move(seen)});
    }
  }
  return findings;
}

Sentences Unlooked(const World& world) {
  Sentences sentences;
  for (const Family* family : AllFamilies()) {
    if (family->tell_unlooked != nullptr) family->tell_unlooked(world, &sentences);
  }
  return sentences;
}

std::string_view LevelSlug(Level level) {
  switch (level) {
    case Level::kWarning:
      return "warning";
    case Level::kBroken:
      return "broken";
  }
  return "broken";
}

}  // namespace eic::admin
