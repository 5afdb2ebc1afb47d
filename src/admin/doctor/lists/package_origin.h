// Whether an upgrade would take the package from another origin than the installed one: what apt or
// dnf knows already, without a network.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "admin/process/program_runner.h"

namespace eic::admin {

struct Offer {
  std::string version;
  std::string origin;  // a repository: its address with apt, its id with dnf
};

struct PackageOrigin {
  std::optional<Offer> offer;  // what an upgrade would take, if it is another origin's
  std::string why_not;         // it could not be asked; empty: it was
};

PackageOrigin AskForOrigin(ProgramRunner& runner);

// Out of what `apt-cache policy PACKAGE` prints: the candidate, where none of its sources has the
// installed version. Nothing where the package is not installed.
std::optional<Offer> OfferInPolicy(std::string_view policy);

// Out of what `dnf repoquery` prints: `installed` has the repository that the installed version
// came from, `upgrades` a line `VERSION REPOSITORY` for each that is newer.
std::optional<Offer> OfferInUpgrades(std::string_view installed, std::string_view upgrades);

}  // namespace eic::admin
