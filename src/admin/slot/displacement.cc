#include "admin/slot/displacement.h"

#include <array>
#include <cstddef>

#include "admin/slot/owner.h"

namespace eic::admin {
namespace {

// By intent: enable, enable --replace, enable --chain, disable.
using Row = std::array<Fate, 4>;

constexpr Fate kStays = Fate::kStays;
constexpr Fate kGivesWay = Fate::kGivesWay;
constexpr Fate kJoins = Fate::kJoins;
constexpr Fate kRefused = Fate::kRefused;

// By holder. A command that may not join the chain would, as a member, run for logins for which
// sshd did not run it before.
constexpr std::array<Row, 6> kInFiles = {{
    {kGivesWay, kGivesWay, kGivesWay, kStays},     // nobody
    {kRefused, kGivesWay, kRefused, kStays},       // none
    {kStays, kStays, kStays, kGivesWay},           // ours
    {kGivesWay, kGivesWay, kGivesWay, kStays},     // the shell agent
    {kGivesWay, kGivesWay, kGivesWay, kGivesWay},  // a name of it
    {kRefused, kGivesWay, kJoins, kStays},         // somebody else
}};
constexpr std::array<Row, 6> kInWideMatch = {{
    {kGivesWay, kGivesWay, kGivesWay, kStays},
    {kRefused, kGivesWay, kRefused, kStays},
    {kStays, kStays, kStays, kGivesWay},
    {kGivesWay, kGivesWay, kGivesWay, kStays},
    {kGivesWay, kGivesWay, kGivesWay, kGivesWay},
    {kRefused, kGivesWay, kRefused, kStays},
}};
constexpr std::array<Row, 6> kInOtherMatch = {{
    {kStays, kStays, kStays, kStays},
    {kStays, kStays, kStays, kStays},
    {kStays, kStays, kStays, kGivesWay},
    {kStays, kStays, kStays, kStays},
    {kStays, kStays, kStays, kGivesWay},
    {kStays, kStays, kStays, kStays},
}};
constexpr std::array<Row, 6> kOnCommandLine = {{
    {kStays, kStays, kStays, kStays},
    {kRefused, kRefused, kRefused, kStays},
    {kStays, kStays, kStays, kRefused},
    {kGivesWay, kGivesWay, kGivesWay, kStays},
    {kGivesWay, kGivesWay, kGivesWay, kGivesWay},
    {kRefused, kRefused, kRefused, kStays},
}};

const std::array<Row, 6>& TableOf(Where where) {
  switch (where) {
    case Where::kFiles:
      return kInFiles;
    case Where::kWideMatch:
      return kInWideMatch;
    case Where::kOtherMatch:
      return kInOtherMatch;
    case Where::kCommandLine:
      return kOnCommandLine;
  }
  return kInFiles;
}

}  // namespace

Fate FateOf(Holder holder, Where where, Intent intent) {
  return TableOf(where).at(static_cast<std::size_t>(holder)).at(static_cast<std::size_t>(intent));
}

Holder HolderOf(const Layout& layout, const std::optional<std::string>& command) {
  if (!command) return Holder::kNobody;
  switch (OwnerOf(*command)) {
    case Owner::kNobody:
      return Holder::kNone;
    case Owner::kOurs:
      return Holder::kOurs;
    case Owner::kShellAgent:
      return ProgramIsItsOwn(layout, *command) ? Holder::kShellAgent : Holder::kShellAgentName;
    case Owner::kSomebodyElse:
      return Holder::kSomebodyElse;
  }
  return Holder::kSomebodyElse;
}

}  // namespace eic::admin
