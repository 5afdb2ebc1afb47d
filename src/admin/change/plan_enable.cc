#include "admin/change/plan_enable.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>

#include "admin/change/place_block.h"
#include "admin/change/plan_unit.h"
#include "admin/change/set_aside.h"
#include "admin/limits.h"
#include "admin/sessions/caller_environment.h"
#include "admin/slot/chain_setting.h"
#include "admin/sshd/config_text.h"
#include "admin/sshd/prove_tokens.h"
#include "admin/sshd/setting_in_force.h"

namespace eic::admin {
namespace {

// `/etc/ssh/sshd_config:7, in Match User *,!root`.
std::string WhereIs(const Tree& tree, const std::string& main_file, const Setting& setting) {
  std::string where = setting.place.Text();
  if (setting.match_block) {
    const SshdConfig config = ReadSshdConfig(tree, main_file);
    where += ", in `Match " + config.match_blocks[*setting.match_block].criteria + "`";
  }
  return where;
}

Failure Refuse(const std::string& how, const std::string& where, const std::string& ways) {
  return {ExitStatus::kRefused, "command-taken",
          how + ", set in " + where + ". Nothing was changed. " + ways};
}

constexpr const char* kWayToReplace =
    "To run our agent instead: `ec2-instance-connect enable --replace`; `disable` undoes that";

Failure RefuseCommand(const std::string& command, const std::string& where) {
  if (OwnerOf(command) == Owner::kNobody) {
    return Refuse("sshd runs no command for keys, because of `AuthorizedKeysCommand none`", where,
                  kWayToReplace);
  }
  return Refuse("sshd runs only one AuthorizedKeysCommand, and it is that of " + Describe(command) +
                    ": `" + command + "`",
                where,
                "To run both: `ec2-instance-connect enable --chain`. To run our agent alone: "
                "`ec2-instance-connect enable --replace`. `disable` undoes either");
}

Failure RefuseUser(const std::string& user, const std::string& where) {
  return Refuse(
      "sshd would run our agent as another user: `AuthorizedKeysCommandUser " + user + "`", where,
      kWayToReplace);
}

// Lines that somebody wrote between our marks may keep users out, or may be an experiment that must
// not get lost. Whoever removed our settings there does not want an upgrade to restore them.
Outcome<Nothing> CheckNoBlockIsEdited(const Survey& survey, const Tree& tree) {
  for (const std::string& path :
       {std::string(kDropIn), std::string(kFirstDropIn), survey.main_file}) {
    const std::optional<std::size_t> line = EditedLine(tree.Read(path).value_or(""));
    if (!line) continue;
    return Failure{
        ExitStatus::kRefused, "block-edited",
        Place{path, *line}.Text() +
            " is in our block, and somebody has edited it; `enable` would overwrite the block. "
            "Nothing was changed. Move the lines that you need below `" +
            std::string(kBlockEnd) +
            "`, delete the rest of the block with its first and last line, and run this again"};
  }
  return Nothing{};
}

// Options of the running daemon that no file has any more: a restart drops them.
Outcome<Nothing> CheckRunningOptions(const Survey& survey, Intent intent, Plan* plan) {
  if (!survey.daemon || !survey.daemon->options.SetsCommandOrUser()) return Nothing{};
  const std::string command = survey.daemon->options.Command().value_or("");
  const Holder holder = HolderOnCommandLine(plan->tree.layout(), survey.daemon->options);
  const Fate fate = FateOf(holder, Where::kCommandLine, intent);
  if (fate == Fate::kStays && plan->options.Command()) return Nothing{};
  if (fate == Fate::kRefused) {
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

Outcome<Nothing> PlanCommandLine(const Survey& survey, Intent intent, Plan* plan) {
  const DaemonOptions options = survey.unit.options();
  plan->options = survey.daemon && survey.daemon->unit.empty() ? survey.daemon->options : options;
  const Holder holder = HolderOnCommandLine(plan->tree.layout(), options);
  if (FateOf(holder, Where::kCommandLine, intent) != Fate::kStays) {
    Outcome<Nothing> freed = FreeCommandLine(survey.unit, intent, plan);
    if (!freed) return freed;
  }
  return CheckRunningOptions(survey, intent, plan);
}

// The line that keeps our command or user from taking effect; none if both are in effect.
std::optional<Setting> WhatBeatsUs(const SshdConfig& config, const Effective& wanted) {
  std::optional<Setting> command = WinningSetting(config, Setting::Keyword::kCommand);
  if (command && command->value != wanted.command) return command;
  std::optional<Setting> user = WinningSetting(config, Setting::Keyword::kUser);
  if (user && user->value != wanted.user) return user;
  return std::nullopt;
}

// The same according to sshd, if no line outside Match blocks is the cause: a Match block that
// applies to the ordinary login. plan->answer has sshd's answer.
Outcome<std::optional<Setting>> AskWhatBeatsUs(Sshd& sshd, const Effective& wanted, Plan* plan) {
  const Outcome<Answer> answer = AskOrRead(sshd, plan->tree, plan->options);
  if (!answer) return answer.error();
  plan->answer = *answer;
  const Effective& effective = answer->effective;
  const bool is_command = effective.command != wanted.command;
  if (!is_command && effective.user == wanted.user) return std::optional<Setting>();
  std::optional<Setting> other =
      SettingInForce(sshd, plan->tree, plan->options,
                     is_command ? Setting::Keyword::kCommand : Setting::Keyword::kUser,
                     is_command ? effective.command : effective.user);
  if (other && other->match_block) return other;
  return Failure{ExitStatus::kFailed, std::string(kNotEffective),
                 "the new settings would have no effect: sshd would still run `" +
                     effective.command + "` as `" + effective.user + "`; nothing was changed"};
}

// The command in effect was judged before. Any other line that comes before ours is treated as with
// --replace, because it is not the command that runs. `none` in a lower drop-in is somebody's
// decision too, and so is a user.
Outcome<Nothing> SetAsideOther(const Survey& survey, const Setting& other, Intent intent,
                               Plan* plan) {
  const bool is_command = other.keyword == Setting::Keyword::kCommand;
  const Holder holder =
      is_command ? HolderOf(plan->tree.layout(), other.value) : Holder::kSomebodyElse;
  const Intent for_line = intent == Intent::kChain ? Intent::kReplace : intent;
  if (FateOf(holder, Where::kFiles, for_line) == Fate::kRefused) {
    const std::string where = WhereIs(plan->tree, survey.main_file, other);
    return is_command ? RefuseCommand(other.value, where) : RefuseUser(other.value, where);
  }
  Outcome<Nothing> done = SetAsideLines(other.place.file, {other.place.line}, plan);
  if (!done) return done;
  plan->notes.push_back("commented out: " + other.place.file + ", " +
                        (is_command ? "AuthorizedKeysCommand " : "AuthorizedKeysCommandUser ") +
                        other.value);
  return Nothing{};
}

// Comments out, one by one, the lines that still take precedence over our block, until the plan has
// the wanted effect.
Outcome<Nothing> PlanPriority(const Survey& survey, Sshd& sshd, Intent intent,
                              const Effective& wanted, Plan* plan) {
  for (int round = 0; round < kSetAsideRoundsMax; ++round) {
    std::optional<Setting> other =
        WhatBeatsUs(ReadSshdConfig(plan->tree, survey.main_file), wanted);
    if (!other) {
      const Outcome<std::optional<Setting>> asked = AskWhatBeatsUs(sshd, wanted, plan);
      if (!asked) return asked.error();
      if (!*asked) return Nothing{};
      other = *asked;
    }
    Outcome<Nothing> done = SetAsideOther(survey, *other, intent, plan);
    if (!done) return done;
  }
  return Failure{ExitStatus::kFailed, "too-many-settings",
                 "too many lines set AuthorizedKeysCommand; nothing was changed"};
}

// A file of that name with other contents than we write is the administrator's.
Outcome<Nothing> PlanMembers(const Effective& former, Plan* plan) {
  for (const MemberText& member : MembersBeside(former)) {
    const Contents there = plan->tree.Read(member.path);
    if (there && !IsMemberAsWritten(*there)) {
      return Failure{ExitStatus::kRefused, "member-taken",
                     member.path +
                         " exists, but not as `enable --chain` writes it. Nothing was changed. "
                         "Rename the file, and run this again"};
    }
    plan->tree.Plan(member.path, member.text);
  }
  return Nothing{};
}

// What a Match block sets itself.
std::optional<Setting> FirstOfBlock(const SshdConfig& config, std::size_t block,
                                    Setting::Keyword keyword) {
  const auto found =
      std::find_if(config.settings.begin(), config.settings.end(), [&](const Setting& setting) {
        return setting.keyword == keyword && setting.match_block == block;
      });
  if (found == config.settings.end()) return std::nullopt;
  return *found;
}

// sshd does not run a Match block's command for users whom the block excludes. As a member it would
// run for them too, and they could log in with its keys.
Outcome<Nothing> CheckIsForAll(const Survey& survey, const Tree& tree, Holder holder,
                               const std::optional<Setting>& setting) {
  if (!setting || !setting->match_block) return Nothing{};
  const SshdConfig config = ReadSshdConfig(tree, survey.main_file);
  if (AppliesToAll(config.match_blocks[*setting->match_block])) return Nothing{};
  if (FateOf(holder, Where::kWideMatch, Intent::kChain) != Fate::kRefused) return Nothing{};
  return Failure{ExitStatus::kRefused, "match-block",
                 "the command is set in " + WhereIs(tree, survey.main_file, *setting) +
                     ", and as a member of the chain it would also run for the users whom this "
                     "block excludes. Nothing was changed. Write the chain into that block by "
                     "hand: eic-chain(8) has an example"};
}

// `Match Group ops (/etc/ssh/sshd_config:7)`.
std::string Named(const MatchBlock& block) {
  return "`Match " + block.criteria + "` (" + block.place.Text() + ")";
}

// sshd resolves command and user separately: a block that sets only one of them gets the other from
// the chain. Its command would then run as the chain's user, which may be root; or the chain would
// run as its user, who cannot become the members' users.
Outcome<Nothing> CheckBlocksAreWhole(const Survey& survey, const Tree& tree,
                                     const Effective& former, const Effective& wanted) {
  const SshdConfig config = ReadSshdConfig(tree, survey.main_file);
  for (std::size_t i = 0; i < config.match_blocks.size(); ++i) {
    if (AppliesToAll(config.match_blocks[i])) continue;
    const std::optional<Setting> command = FirstOfBlock(config, i, Setting::Keyword::kCommand);
    const std::optional<Setting> user = FirstOfBlock(config, i, Setting::Keyword::kUser);
    const bool runs_as_chains_user =
        command && OwnerOf(command->value) != Owner::kNobody && !user && wanted.user != former.user;
    if (runs_as_chains_user) {
      return Failure{ExitStatus::kRefused, "match-block",
                     Named(config.match_blocks[i]) +
                         " sets AuthorizedKeysCommand and no AuthorizedKeysCommandUser: with the "
                         "chain, its command would run as " +
                         wanted.user + " instead of " + former.user +
                         ". Nothing was changed. Add `AuthorizedKeysCommandUser " + former.user +
                         "` to that block, which leaves its logins as they are, and run this "
                         "again"};
    }
    if (user && !command) {
      return Failure{ExitStatus::kRefused, "match-block",
                     Named(config.match_blocks[i]) +
                         " sets AuthorizedKeysCommandUser and no AuthorizedKeysCommand: sshd would "
                         "run the chain as " +
                         user->value + " there. Nothing was changed. Add `AuthorizedKeysCommand " +
                         former.command +
                         "` to that block, which leaves its logins as they are, and run this "
                         "again"};
    }
  }
  return Nothing{};
}

// sshd accepts a last line without a line feed, and lines that end in CR LF; the chain drops both.
constexpr const char* kWholeLinesNote =
    "the chain accepts only whole lines: if that command's last line has no line feed, or a line "
    "has a carriage return, the chain drops all its output. Try it for a user who has keys there: "
    "`eic-chain --times -- USER SHA256:x ssh-ed25519`";

// Both commands in the one slot. `former` is the command that sshd runs now.
Outcome<Effective> PlanChain(Sshd& sshd, const Effective& former, Plan* plan) {
  Outcome<Effective> wanted = ChainBeside(former);
  if (!wanted) return wanted;
  const Outcome<Nothing> planned = PlanMembers(former, plan);
  if (!planned) return planned.error();
  const Outcome<Nothing> proven = ProveTokens(sshd, wanted->command);
  if (!proven && proven.error().status != ExitStatus::kUnchecked) return proven.error();
  if (!proven) plan->notes.push_back(proven.error().text);
  plan->is_proven = proven.ok();
  plan->notes.push_back("continues as a member of the chain, " + std::string(kFormerMember) + ": " +
                        former.command);
  plan->notes.emplace_back(kWholeLinesNote);
  return wanted;
}

}  // namespace

Outcome<Plan> PlanEnable(const Survey& survey, Sshd& sshd, Intent intent, bool labels) {
  Plan plan{survey.tree};
  const Outcome<Nothing> freed = PlanCommandLine(survey, intent, &plan);
  if (!freed) return freed.error();

  const Outcome<Answer> answer = AskOrRead(sshd, plan.tree, plan.options);
  if (!answer) return answer.error();
  plan.answer = *answer;
  const std::string& command = answer->effective.command;
  plan.tree.Plan(std::string(kDisabledMarker), std::nullopt);
  const std::optional<Setting> setting =
      SettingInForce(sshd, plan.tree, plan.options, Setting::Keyword::kCommand, command);
  // If sshd reports no command and no line sets `none`, nothing is set.
  const bool is_set = setting || !command.empty();
  const Holder holder =
      HolderOf(plan.tree.layout(), is_set ? std::optional<std::string>(command) : std::nullopt);
  const Fate fate = FateOf(holder, Where::kFiles, intent);
  // Our agent with other arguments, or another user, is the administrator's choice.
  const bool has_labels = command == kLabellingCommand && PermitsLabels(survey, plan.tree);
  if (fate == Fate::kStays && (!labels || has_labels)) return plan;
  if (labels) {
    const auto checked = CheckCallerEnvironment(survey, plan.answer.effective, plan.tree);
    if (!checked) return checked.error();
  }

  const Outcome<Nothing> unedited = CheckNoBlockIsEdited(survey, plan.tree);
  if (!unedited) return unedited.error();
  if (fate == Fate::kRefused) {
    return RefuseCommand(
        command, setting ? WhereIs(plan.tree, survey.main_file, *setting) : "its configuration");
  }
  Effective wanted{std::string(kWantedCommand), std::string(kWantedUser)};
  std::string block(WantedBlock());
  if (fate == Fate::kJoins) {
    const Outcome<Nothing> for_all = CheckIsForAll(survey, plan.tree, holder, setting);
    if (!for_all) return for_all.error();
    const Outcome<Effective> chain = PlanChain(sshd, answer->effective, &plan);
    if (!chain) return chain.error();
    const Outcome<Nothing> whole =
        CheckBlocksAreWhole(survey, plan.tree, answer->effective, *chain);
    if (!whole) return whole.error();
    wanted = *chain;
    block = ChainBlock(wanted.command, wanted.user);
  }
  if (labels) {
    wanted.command = kLabellingCommand;
    block = LabellingBlock(block);
  }
  const Outcome<Nothing> placed = PlanBlock(survey, block, &plan);
  if (!placed) return placed.error();
  const Outcome<Nothing> first = PlanPriority(survey, sshd, intent, wanted, &plan);
  if (!first) return first.error();
  return plan;
}

}  // namespace eic::admin
