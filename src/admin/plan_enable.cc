#include <set>
#include <string>

#include "admin/config_text.h"
#include "admin/limits.h"
#include "admin/plan.h"

namespace eic::admin {
namespace {

Failure RefuseTaken(const std::string& command, const std::string& origin) {
  return {ExitStatus::kRefused, "command-taken",
          "sshd has room for one AuthorizedKeysCommand, and " + Describe(command) + " has it: `" +
              command + "`, set in " + origin +
              ". Nothing was changed. To take it: `ec2-instance-connect enable --replace`; "
              "`disable` gives it back"};
}

// Options of the running daemon that stand nowhere any more: a restart drops them.
Outcome<Nothing> CheckRunningOptions(const Survey& survey, Plan* plan) {
  if (!survey.daemon || !survey.daemon->options.SetsCommandOrUser()) return Nothing{};
  const std::string command = survey.daemon->options.Command().value_or("");
  const Owner owner = OwnerOf(command);
  if (owner == Owner::kOurs && plan->options.Command()) return Nothing{};
  if (owner == Owner::kSomebodyElse || owner == Owner::kNobody) {
    return Failure{
        ExitStatus::kRefused, "command-line-taken",
        OriginOf(survey, command.empty() ? Setting::Keyword::kUser : Setting::Keyword::kCommand) +
            " sets AuthorizedKeysCommand" +
            (command.empty() ? std::string("User") : ": " + Describe(command)) +
            ". Nothing was changed. Restart sshd, and run this again"};
  }
  plan->needs_restart = true;
  return Nothing{};
}

Outcome<Nothing> PlanCommandLine(const Survey& survey, Plan* plan) {
  const DaemonOptions options = survey.unit.options();
  plan->options = survey.daemon && survey.daemon->unit.empty() ? survey.daemon->options : options;
  if (options.SetsCommandOrUser() && OwnerOf(options.Command().value_or("")) != Owner::kOurs) {
    Outcome<Nothing> freed = FreeCommandLine(survey.unit, plan);
    if (!freed) return freed;
  }
  return CheckRunningOptions(survey, plan);
}

// Into the drop-in where sshd reads it, otherwise into sshd_config itself.
void PlanBlock(const Survey& survey, Plan* plan) {
  const Contents drop_in = plan->tree.Read(std::string(kDropIn));
  plan->tree.Plan(std::string(kDropIn), AddBlock(drop_in.value_or("")));
  if (ReadSshdConfig(plan->tree, survey.main_file).reads_drop_in) return;
  plan->tree.Unplan(std::string(kDropIn));
  const Contents main_file = plan->tree.Read(survey.main_file);
  plan->tree.Plan(survey.main_file, AddBlock(main_file.value_or("")));
}

// The line because of which our command or user does not count; none where both do.
std::optional<Setting> WhatBeatsUs(const SshdConfig& config) {
  std::optional<Setting> command = WinningSetting(config, Setting::Keyword::kCommand);
  if (command && command->value != kWantedCommand) return command;
  std::optional<Setting> user = WinningSetting(config, Setting::Keyword::kUser);
  if (user && user->value != kWantedUser) return user;
  return std::nullopt;
}

// Sets aside, line by line, what still stands before our block.
Outcome<Nothing> PlanPriority(const Survey& survey, bool replace, Plan* plan) {
  for (int round = 0; round < kSetAsideRoundsMax; ++round) {
    const std::optional<Setting> other = WhatBeatsUs(ReadSshdConfig(plan->tree, survey.main_file));
    if (!other) return Nothing{};
    const bool is_command = other->keyword == Setting::Keyword::kCommand;
    const Owner owner = is_command                    ? OwnerOf(other->value)
                        : other->value == kWantedUser ? Owner::kShellAgent
                                                      : Owner::kSomebodyElse;
    // `none` in a lower drop-in is somebody's decision too.
    if (owner != Owner::kShellAgent && owner != Owner::kOurs && !replace) {
      return RefuseTaken(is_command ? other->value : "AuthorizedKeysCommandUser " + other->value,
                         other->place.Text());
    }
    const Contents text = plan->tree.Read(other->place.file);
    plan->tree.Plan(other->place.file, SetAside(text.value_or(""), {other->place.line}));
    plan->notes.push_back("set aside: " + other->place.file + ", " +
                          (is_command ? "AuthorizedKeysCommand " : "AuthorizedKeysCommandUser ") +
                          other->value);
  }
  return Failure{ExitStatus::kFailed, "too-many-settings",
                 "too many lines set AuthorizedKeysCommand; nothing was changed"};
}

// Does the plan come out as it should?
Outcome<Nothing> CheckPlan(Sshd& sshd, Plan* plan) {
  const Outcome<Answer> answer = AskOrRead(sshd, plan->tree, plan->options);
  if (!answer) return answer.error();
  plan->answer = *answer;
  if (answer->effective.IsWanted()) return Nothing{};
  return Failure{ExitStatus::kFailed, "not-effective",
                 "the settings would not count: sshd would go on with `" +
                     answer->effective.command + "` as `" + answer->effective.user +
                     "`; nothing was changed"};
}

}  // namespace

Outcome<Plan> PlanEnable(const Survey& survey, Sshd& sshd, bool replace) {
  Plan plan{survey.tree};
  const Outcome<Nothing> freed = PlanCommandLine(survey, &plan);
  if (!freed) return freed.error();

  const Outcome<Answer> answer = AskOrRead(sshd, plan.tree, plan.options);
  if (!answer) return answer.error();
  plan.answer = *answer;
  const std::string& command = answer->effective.command;
  if (OwnerOf(command) == Owner::kSomebodyElse && !replace) {
    return RefuseTaken(command, OriginOf(survey, Setting::Keyword::kCommand));
  }
  plan.tree.Plan(std::string(kDisabledMarker), std::nullopt);
  // Our agent with other arguments, or another user, is the administrator's choice.
  if (OwnerOf(command) == Owner::kOurs) return plan;

  PlanBlock(survey, &plan);
  const Outcome<Nothing> first = PlanPriority(survey, replace, &plan);
  if (!first) return first.error();
  const Outcome<Nothing> checked = CheckPlan(sshd, &plan);
  if (!checked) return checked.error();
  return plan;
}

}  // namespace eic::admin
