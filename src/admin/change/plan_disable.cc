#include "admin/change/plan_disable.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "admin/change/plan_unit.h"
#include "admin/change/set_aside.h"
#include "admin/limits.h"
#include "admin/slot/chain_setting.h"
#include "admin/sshd/config_text.h"

namespace eic::admin {
namespace {

constexpr std::string_view kMarkerText =
    "# Left by `ec2-instance-connect disable`: packages do not enable while this file is here.\n"
    "# `ec2-instance-connect enable` removes it.\n";

bool GivesWay(const Layout& layout, const Setting& setting) {
  const Where where = setting.match_block ? Where::kOtherMatch : Where::kFiles;
  return FateOf(HolderOf(layout, setting.value), where, Intent::kDisable) == Fate::kGivesWay;
}

bool IsBlank(const std::string& text) {
  return text.find_first_not_of(" \t\r\n") == std::string::npos;
}

// `/etc/ssh/.sshd_config.saved`, or with a number. No Include pattern finds a name with a leading
// dot. An existing file of that name is somebody's, unless it already has these bytes.
std::optional<std::string> SavedName(const Tree& tree, const std::string& path,
                                     const std::string& text) {
  const std::size_t slash = path.rfind('/') + 1;
  const std::string first = path.substr(0, slash) + "." + path.substr(slash) + ".saved";
  for (int i = 0; i < kSavedFilesMax; ++i) {
    std::string name = i == 0 ? first : first + "." + std::to_string(i);
    const Contents there = tree.Read(name);
    if (!tree.IsLink(name) && (!there || *there == text)) return name;
  }
  return std::nullopt;
}

// An administrator's link stays, and leads to an empty file as it may have before: sshd does not
// start if a drop-in is a dangling link. `files`: what sshd reads.
void PlanRemoval(const std::string& path, const std::vector<std::string>& files, Plan* plan) {
  const Tree& tree = plan->tree;
  const bool has_link =
      tree.IsLink(path) || std::any_of(files.begin(), files.end(), [&](const std::string& file) {
        return file != path && tree.OneName(file) == tree.OneName(path);
      });
  plan->tree.Plan(path, has_link ? Contents("") : Contents());
}

bool IsDropIn(const std::string& path) { return path == kDropIn || path == kFirstDropIn; }

// A copy of the whole file beside it, for the administrator.
Outcome<Nothing> Keep(const std::string& path, const std::string& text, const std::string& what,
                      Plan* plan) {
  const std::optional<std::string> kept = SavedName(plan->tree, path, text);
  if (!kept) {
    return Failure{ExitStatus::kFailed, "too-many-saved",
                   what + " was edited, and there are too many copies .saved.N of " + path +
                       " to keep another; nothing was changed"};
  }
  plan->tree.Plan(*kept, text, path);
  plan->notes.push_back(what + " was edited: kept as " + *kept);
  return Nothing{};
}

std::string WithoutOurs(const std::string& text) {
  return WithoutLinkSetAside(RemoveBlock(GiveBack(text)));
}

// The contents of a file without our lines and with the commented lines restored.
Outcome<Nothing> PlanRest(const std::string& path, const std::string& text,
                          const std::vector<std::string>& files, Plan* plan) {
  const std::string rest = WithoutOurs(text);
  if (EditedLine(text)) {
    Outcome<Nothing> kept = Keep(path, text, "the block in " + path, plan);
    if (!kept) return kept;
  }
  if (IsDropIn(path) && IsBlank(rest)) {
    PlanRemoval(path, files, plan);
  } else {
    plan->tree.Plan(path, rest);
  }
  return Nothing{};
}

// Whether a file names our agent, or has marks of ours.
bool HasOurs(const Plan& plan, const std::string& path) {
  const std::string text = plan.tree.Read(path).value_or("");
  if (HasBlock(text) || HasSetAside(text)) return true;
  const SshdConfig config = ReadSshdConfig(plan.tree, path);
  return std::any_of(config.settings.begin(), config.settings.end(), [&](const Setting& setting) {
    return setting.place.file == path && setting.keyword == Setting::Keyword::kCommand &&
           GivesWay(plan.tree.layout(), setting);
  });
}

// A file that replaced a link. Lines that somebody added to it may keep users out, and restoring
// the link would remove them: then the file stays. Changes by the package to its own file are no
// reason to keep it.
Outcome<Nothing> PlanLinkBack(const std::string& path, const std::string& text,
                              const std::string& target, const std::vector<std::string>& files,
                              Plan* plan) {
  if (!IsAsPutInPlaceOfLink(text)) {
    plan->notes.push_back(path + " was edited since it replaced the link to " + target +
                          ": it stays a file. To restore the link, move the lines that you need to "
                          "a drop-in, and recreate the link with `ln -sf`");
    return PlanRest(path, text, files, plan);
  }
  plan->tree.PlanLink(path, target);
  if (const Contents there = plan->tree.Read(path)) {
    if (HasOurs(*plan, path)) {
      // The target is a package's file, which we do not write: a copy without our lines replaces
      // the link.
      plan->tree.Plan(path, InPlaceOfLink(target, WithoutOurs(*there)));
      return Nothing{};
    }
    plan->notes.push_back("restored: the link " + path);
    return Nothing{};
  }
  plan->tree.Unplan(path);
  plan->notes.push_back(path + " was a link to " + target +
                        ", which no longer exists: the file stays");
  return PlanRest(path, text, files, plan);
}

// A file with our lines that somebody moved out of /etc. If a link leads there, a file without our
// lines replaces the link. Otherwise sshd says whether the lines are in effect, and disable ends.
void PlanOutsideEtc(const std::string& path, const std::string& text, Plan* plan) {
  if (IsLinkOutOfEtc(plan->tree, path)) {
    SetLinkAside(path, WithoutOurs(text), plan);
    return;
  }
  plan->notes.push_back(path +
                        " has lines of ours, but is outside /etc, where this program writes "
                        "nothing: remove them there");
}

Outcome<Nothing> PlanFile(const std::string& path, const std::vector<std::string>& files,
                          Plan* plan) {
  const Contents text = plan->tree.Read(path);
  if (!text) return Nothing{};
  const std::optional<std::string> target = LinkSetAside(*text);
  const bool has_marks = target || HasBlock(*text) || HasSetAside(*text);
  if (!has_marks) return Nothing{};
  if (!plan->tree.layout().IsInEtc(path)) {
    PlanOutsideEtc(path, *text, plan);
    return Nothing{};
  }
  if (target) return PlanLinkBack(path, *text, *target, files, plan);
  return PlanRest(path, *text, files, plan);
}

// First the files whose lines are restored, last the one with our block. So a command has a user at
// every point.
Outcome<Nothing> PlanFiles(std::vector<std::string> files, Plan* plan) {
  for (const std::string_view drop_in : {kDropIn, kFirstDropIn}) {
    if (std::find(files.begin(), files.end(), drop_in) == files.end()) files.emplace_back(drop_in);
  }
  std::stable_partition(files.begin(), files.end(), [&](const std::string& path) {
    return !HasBlock(plan->tree.Read(path).value_or(""));
  });
  std::set<std::string> done;
  for (const std::string& path : files) {
    // Under another name of a file that replaced a link, that name would become the link.
    const std::string name = plan->tree.OneName(path);
    if (!done.insert(name).second) continue;
    const bool is_link_in_etc = plan->tree.IsLink(path) && plan->tree.layout().IsInEtc(path);
    Outcome<Nothing> planned = PlanFile(is_link_in_etc ? name : path, files, plan);
    if (!planned) return planned;
  }
  return Nothing{};
}

void PlanMarker(Plan* plan) {
  if (plan->tree.Read(std::string(kDisabledMarker))) return;
  plan->tree.Plan(std::string(kDisabledMarker), std::string(kMarkerText));
}

// A file, and the Match block in it.
using Scope = std::pair<std::string, std::optional<std::size_t>>;

Scope ScopeOf(const Setting& setting) { return {setting.place.file, setting.match_block}; }

// Lines outside our block that name our agent: written by hand, or the shell agent's. A line with
// the chain's user belongs to the chain only beside it; beside another command it is that
// command's.
void PlanLinesOfOthers(const Survey& survey, Plan* plan) {
  const SshdConfig config = ReadSshdConfig(plan->tree, survey.main_file);
  std::set<Scope> ours;
  std::set<Scope> chains;
  std::set<Scope> others;
  // Per file: a file that replaced a link has more lines than the link's target.
  std::map<std::string, std::set<std::size_t>> lines;
  for (const Setting& setting : config.settings) {
    if (setting.keyword != Setting::Keyword::kCommand) continue;
    const bool gives_way = GivesWay(survey.tree.layout(), setting);
    if (gives_way) ours.insert(ScopeOf(setting));
    if (IsChain(setting.value)) chains.insert(ScopeOf(setting));
    if (!gives_way && OwnerOf(setting.value) != Owner::kNobody) others.insert(ScopeOf(setting));
  }
  for (const Setting& setting : config.settings) {
    const Scope scope = ScopeOf(setting);
    if (ours.count(scope) == 0) continue;
    const bool is_chains = chains.count(scope) > 0 && others.count(scope) == 0;
    const bool is_theirs =
        setting.keyword == Setting::Keyword::kUser
            ? setting.value == kWantedUser || (is_chains && setting.value == kChainUser)
            : GivesWay(survey.tree.layout(), setting);
    if (is_theirs) lines[setting.place.file].insert(setting.place.line);
  }
  for (const auto& [file, of_file] : lines) {
    const Outcome<Nothing> done = SetAsideLines(file, of_file, plan);
    if (!done) {
      plan->notes.push_back(Place{file, *of_file.begin()}.Text() +
                            " names our agent, but is outside /etc, where this program writes "
                            "nothing: remove the line there");
    }
    for (auto line = of_file.begin(); done && line != of_file.end(); ++line) {
      plan->notes.push_back("commented out: " + Place{file, *line}.Text());
    }
  }
}

// If the shell agent's package owned our drop-in's path, only its lines are left in the file. The
// program that they name is gone, so the comments are of no use.
void PlanDropInOfComments(const std::vector<std::string>& files, Plan* plan) {
  const Contents text = plan->tree.Read(std::string(kDropIn));
  if (!text) return;
  for (const std::string_view line : SplitLines(*text)) {
    const bool is_aside = line.substr(0, kSetAsidePrefix.size()) == kSetAsidePrefix;
    if (!is_aside && !IsBlank(std::string(line))) return;
  }
  PlanRemoval(std::string(kDropIn), files, plan);
}

// The members that `enable --chain` made; one that was edited since is kept beside it.
Outcome<Nothing> PlanMembers(Plan* plan) {
  for (const std::string_view member : {kOwnMember, kFormerMember}) {
    const std::string path(member);
    const Contents text = plan->tree.Read(path);
    if (!text) continue;
    if (!IsMemberAsWritten(*text)) {
      Outcome<Nothing> kept = Keep(path, *text, path, plan);
      if (!kept) return kept;
    }
    plan->tree.Plan(path, std::nullopt);
  }
  return Nothing{};
}

Outcome<Nothing> PlanUnit(const Survey& survey, Plan* plan) {
  plan->options =
      survey.daemon && survey.daemon->unit.empty() ? survey.daemon->options : survey.unit.options();
  GiveBackCommandLine(plan);
  const SshUnit unit = ReadSshUnit(plan->tree);
  const Holder holder = HolderOnCommandLine(survey.tree.layout(), unit.options());
  const Fate fate = FateOf(holder, Where::kCommandLine, Intent::kDisable);
  if (fate == Fate::kStays) return Nothing{};
  if (fate == Fate::kGivesWay) return FreeCommandLine(unit, Intent::kDisable, plan);
  return Failure{ExitStatus::kRefused, "command-line-taken",
                 unit.environment.value_or(unit.exec_start).Text() +
                     " names our agent on sshd's command line. Nothing was changed. Remove the "
                     "option there, restart sshd, and run this again"};
}

bool SameCommand(const DaemonOptions& one, const DaemonOptions& other) {
  return one.Command() == other.Command() && one.User() == other.User();
}

}  // namespace

Outcome<Plan> PlanDisable(const Survey& survey, Sshd& sshd, bool leave_marker) {
  Plan plan{survey.tree};
  plan.is_removal = !leave_marker;
  const Outcome<Nothing> unit = PlanUnit(survey, &plan);
  if (!unit) return unit.error();
  const Outcome<Nothing> files = PlanFiles(survey.config.files, &plan);
  if (!files) return files.error();
  PlanLinesOfOthers(survey, &plan);
  const Outcome<Nothing> members = PlanMembers(&plan);
  if (!members) return members.error();
  if (!leave_marker) PlanDropInOfComments(survey.config.files, &plan);
  if (leave_marker) PlanMarker(&plan);

  const Outcome<Answer> answer = AskOrRead(sshd, plan.tree, plan.options);
  if (!answer) return answer.error();
  plan.answer = *answer;
  plan.needs_restart = survey.daemon && !SameCommand(survey.daemon->options, plan.options);
  plan.accepts_other = true;
  plan.is_still_ours = OwnerOf(answer->effective.command) == Owner::kOurs;
  return plan;
}

Outcome<Plan> PlanDisableWithoutConfig(const Layout& layout, bool leave_marker) {
  Plan plan{Tree(layout)};
  GiveBackCommandLine(&plan);
  const Outcome<Nothing> files = PlanFiles({std::string(kMainConfig)}, &plan);
  if (!files) return files.error();
  const Outcome<Nothing> members = PlanMembers(&plan);
  if (!members) return members.error();
  if (!leave_marker) PlanDropInOfComments({}, &plan);
  if (leave_marker) PlanMarker(&plan);
  return plan;
}

}  // namespace eic::admin
