// The whole table of doctor's checks, and the findings that they make of a world.
#include "admin/doctor/check.h"

namespace eic::admin {

std::vector<const Check*> AllChecks() {
  std::vector<const Check*> all;
  for (const auto* family : {&SlotChecks(), &ChainChecks(), &CommandChecks(), &SshdChecks(),
                             &UserChecks(), &MetadataChecks(), &TrustChecks(), &PlatformChecks()}) {
    for (const Check& check : *family) all.push_back(&check);
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
