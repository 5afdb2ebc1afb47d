#include "admin/doctor/checks/slot.h"

#include <sys/stat.h>

#include "admin/doctor/world.h"
#include "admin/files/transaction.h"
#include "admin/slot/agent_command.h"
#include "admin/slot/owner.h"
#include "admin/slot/survey.h"
#include "admin/sshd/config_text.h"

namespace eic::admin {
namespace {

using Seen = std::optional<std::string>;

// Where sshd refuses its configuration, the files tell whether it is for want of the user.
void ReadRefused(const Tree& tree, const std::string& main_file, Slot* slot) {
  const SshdConfig config = ReadSshdConfig(tree, main_file);
  const auto command = WinningSetting(config, Setting::Keyword::kCommand);
  if (!command || WithoutNone(command->value).empty()) return;
  slot->lacks_user = !WinningSetting(config, Setting::Keyword::kUser);
  slot->origin = command->place.Text();
}

void FindOurLines(const Tree& tree, const SshdConfig& config, const std::string& main_file,
                  Slot* slot) {
  for (const std::string_view drop_in : {kDropIn, kFirstDropIn}) {
    if (!HasBlock(tree.Read(std::string(drop_in)).value_or(""))) continue;
    slot->our_lines = drop_in;
    slot->our_lines_are_read = config.ReadsForAll(drop_in);
  }
  if (!slot->our_lines.empty()) return;
  if (HasBlock(tree.Read(main_file).value_or(""))) {
    slot->our_lines = main_file;
    slot->our_lines_are_read = true;
  }
}

bool IsThere(const Layout& layout, const std::string& path) {
  struct stat status {};
  return stat(layout.Real(path).c_str(), &status) == 0;
}

// A link of sshd_config.d that leads nowhere needs none of this: sshd refuses it (`config-broken`).
void FindGoneLinks(const Tree& tree, const std::string& main_file, Slot* slot) {
  std::vector<std::string> names = tree.Glob("/etc/ssh/sshd_config.d/*.conf");
  names.push_back(main_file);
  for (const std::string& name : names) {
    const std::optional<std::string> target = LinkSetAside(tree.Read(name).value_or(""));
    if (!target || target->empty()) continue;
    const std::string folder = name.substr(0, name.rfind('/') + 1);
    if (IsThere(tree.layout(), (*target)[0] == '/' ? *target : folder + *target)) continue;
    slot->links_gone.push_back(name + " replaces a link to " + *target + ", which does not exist");
  }
}

void FillFromSurvey(const Survey& survey, Slot* slot) {
  slot->command = survey.answer.effective.command;
  slot->user = survey.answer.effective.user;
  slot->origin = OriginOf(survey, Setting::Keyword::kCommand);
  const bool is_set = survey.command || !slot->command.empty();
  slot->holder = HolderOf(survey.tree.layout(),
                          is_set ? std::optional<std::string>(slot->command) : std::nullopt);
  const Effective& effective = survey.answer.effective;
  const std::optional<Effective> agent = AgentBehind(survey.tree.layout(), effective);
  slot->runs_agent = agent.has_value();
  if (IsChain(effective.command)) {
    slot->in_force = effective.command;
    slot->in_force_user = effective.user;
  }
  if (agent) {
    slot->command = agent->command;
    slot->user = agent->user;
  }
  slot->is_on_command_line = survey.options().Command().has_value();
  slot->difference = survey.difference;
  if (!survey.answer.is_from_sshd) slot->why_unchecked = survey.answer.why_not;
  FindOurLines(survey.tree, survey.config, survey.main_file, slot);
}

std::string Whose(const Slot& slot) {
  return slot.origin + " sets AuthorizedKeysCommand: " + Describe(slot.command);
}

bool IsForeign(const Slot& slot) {
  const bool is_wrapper = slot.wrapper && !slot.wrapper->IsProvenForeign();
  return !slot.failure && !IsVacant(slot.holder) && !slot.runs_agent && slot.in_force.empty() &&
         !is_wrapper;
}

Seen LookForConfig(const World& world) {
  const auto& failure = world.slot.failure;
  if (!failure || failure->slug != "no-sshd-config") return std::nullopt;
  return failure->text;
}

Seen LookForMissingUser(const World& world) {
  if (!world.slot.lacks_user) return std::nullopt;
  return world.slot.origin + " sets AuthorizedKeysCommand, and nothing sets its user";
}

Seen LookForBrokenConfig(const World& world) {
  const auto& failure = world.slot.failure;
  if (!failure || failure->slug == "no-sshd-config" || world.slot.lacks_user) return std::nullopt;
  return failure->text;
}

Seen LookWhetherAsked(const World& world) {
  if (world.slot.failure || world.slot.why_unchecked.empty()) return std::nullopt;
  return world.slot.why_unchecked;
}

Seen LookForMarker(const World& world) {
  const Slot& slot = world.slot;
  if (slot.failure || !IsVacant(slot.holder) || !slot.is_marked_disabled) return std::nullopt;
  return std::string(kDisabledMarker) + " exists, and sshd runs no command for keys";
}

Seen LookForUnreadLines(const World& world) {
  const Slot& slot = world.slot;
  if (slot.failure || slot.runs_agent || slot.is_on_command_line) return std::nullopt;
  if (slot.our_lines.empty() || slot.our_lines_are_read) return std::nullopt;
  return slot.our_lines +
         " has our block, but no Include in sshd_config outside Match blocks reads it";
}

Seen LookForEmptySlot(const World& world) {
  const Slot& slot = world.slot;
  if (slot.failure || !IsVacant(slot.holder) || slot.is_marked_disabled) return std::nullopt;
  if (LookForUnreadLines(world)) return std::nullopt;
  return "nothing sets AuthorizedKeysCommand";
}

Seen LookAtCommandLine(const World& world) {
  if (!IsForeign(world.slot) || !world.slot.is_on_command_line) return std::nullopt;
  return Whose(world.slot);
}

Seen LookAtOrder(const World& world) {
  const Slot& slot = world.slot;
  if (!IsForeign(slot) || slot.is_on_command_line || !slot.our_lines_are_read) return std::nullopt;
  return Whose(slot) + ", before " + slot.our_lines;
}

bool IsPlainlyForeign(const World& world) {
  return IsForeign(world.slot) && !LookAtCommandLine(world) && !LookAtOrder(world) &&
         !LookForUnreadLines(world);
}

// Whether a plain `enable` takes the place over.
bool GivesWay(const Slot& slot) {
  return FateOf(slot.holder, Where::kFiles, Intent::kEnable) == Fate::kGivesWay;
}

Seen LookForShellAgent(const World& world) {
  if (!IsPlainlyForeign(world) || !GivesWay(world.slot)) return std::nullopt;
  return Whose(world.slot);
}

Seen LookForTaker(const World& world) {
  if (!IsPlainlyForeign(world) || GivesWay(world.slot)) return std::nullopt;
  const auto& wrapper = world.slot.wrapper;
  const bool is_refused = wrapper && !wrapper->why_refused.empty();
  return Whose(world.slot) +
         (is_refused ? ", which sshd does not run: " + wrapper->why_refused : std::string());
}

Seen LookForWrapper(const World& world) {
  const Slot& slot = world.slot;
  if (slot.failure || !slot.wrapper || slot.wrapper->IsProvenForeign()) return std::nullopt;
  const std::string what =
      slot.wrapper->prints_ours
          ? ", and which prints the live key of " + world.login->asked
          : "; doctor did not compare its output: " + slot.wrapper->why_not_asked;
  return Whose(slot) + ", whose file names " + slot.wrapper->names + what;
}

Seen LookForDifference(const World& world) {
  if (world.slot.failure || world.slot.difference.empty()) return std::nullopt;
  return world.slot.difference + ", and this program finds no line that sets it";
}

Seen LookForGoneLinks(const World& world) {
  if (world.slot.failure || world.slot.links_gone.empty()) return std::nullopt;
  std::string seen;
  for (const std::string& gone : world.slot.links_gone) seen += (seen.empty() ? "" : "; ") + gone;
  return seen;
}

// sshd gives the settings of the login's user, Match blocks applied.
Seen LookAtMatch(const World& world) {
  if (!world.login || !world.slot.runs_agent) return std::nullopt;
  const Slot& slot = world.slot;
  const std::string& expected = slot.in_force.empty() ? slot.command : slot.in_force;
  const auto found = world.settings.find("authorizedkeyscommand");
  if (found == world.settings.end() || found->second.front() == expected) {
    return std::nullopt;
  }
  return "for " + world.login->asked + " sshd -T has AuthorizedKeysCommand " +
         found->second.front();
}

Seen LookForLeftovers(const World& world) {
  const auto& programs = world.slot.shell_agent_programs;
  const bool is_theirs =
      world.slot.holder == Holder::kShellAgent || world.slot.holder == Holder::kShellAgentName;
  if (programs.empty() || is_theirs) return std::nullopt;
  std::string seen;
  for (const std::string& program : programs) seen += (seen.empty() ? "" : ", ") + program;
  return seen;
}

Seen LookForInterruption(const World& world) {
  if (!world.slot.is_interrupted) return std::nullopt;
  return std::string(kStateFolder) + "/journal.json exists";
}

}  // namespace

SlotFacts LookAtSlot(const Outside& outside, Sshd& sshd, const std::string& login) {
  Layout layout = outside.layout;
  layout.release = sshd.Release();
  const Tree tree(layout);
  SlotFacts facts;
  Slot& slot = facts.slot;
  slot.is_marked_disabled = tree.Read(std::string(kDisabledMarker)).has_value();
  slot.is_interrupted = IsInterrupted(outside.layout);
  for (const std::string& program : ShellAgentPrograms()) {
    if (ProgramIsItsOwn(outside.layout, program)) slot.shell_agent_programs.push_back(program);
  }

  const Outcome<Survey> survey = TakeSurvey(outside, sshd);
  if (survey) {
    facts.options = survey->options();
    FillFromSurvey(*survey, &slot);
    FindGoneLinks(survey->tree, survey->main_file, &slot);
    const bool is_others = slot.holder == Holder::kSomebodyElse && !slot.runs_agent;
    if (is_others && slot.in_force.empty()) {
      const Outcome<Settings> settings = sshd.AskForAll(facts.options, ConnectionOf(login));
      const bool is_md5 = settings && ValueOf(*settings, "fingerprinthash") == "MD5";
      slot.wrapper = LookAtWrapper(outside, slot.command, slot.user, login,
                                   is_md5 ? FingerprintHash::kMd5 : FingerprintHash::kSha256);
    }
    return facts;
  }
  const SshUnit unit = ReadSshUnit(tree);
  const std::optional<RunningDaemon> daemon = Daemon(outside.layout, outside.runner).Find(unit);
  facts.options = daemon ? daemon->options : unit.options();
  slot.failure = survey.error();
  if (slot.failure->slug == "config-broken") {
    ReadRefused(tree, facts.options.MainFile(), &slot);
  }
  return facts;
}

const Family& SlotFamily() {
  static const Family kFamily = {
      {
          {"no-sshd-config", Level::kBroken, "sshd has no configuration file",
           "`/etc/ssh/sshd_config`", "install the OpenSSH server", &LookForConfig},
          {"command-user-missing", Level::kBroken,
           "AuthorizedKeysCommand is set without a user, so sshd does not start",
           "the files that sshd reads", "set AuthorizedKeysCommandUser next to it",
           &LookForMissingUser},
          {"config-broken", Level::kBroken, "sshd rejects its configuration", "`sshd -t`",
           "correct the line that sshd names; until then, sshd would not start again",
           &LookForBrokenConfig},
          {"sshd-unchecked", Level::kWarning, "sshd could not be asked for its values in effect",
           "`sshd -T`, and sshd's other answers",
           "find out why sshd cannot run; the findings below come from the files",
           &LookWhetherAsked},
          {"disabled", Level::kBroken, "somebody disabled the agent on purpose",
           "`/etc/ec2-instance-connect/disabled`", "run ec2-instance-connect enable",
           &LookForMarker},
          {"slot-empty", Level::kBroken, "sshd runs no command for keys",
           "AuthorizedKeysCommand in `sshd -T`", "run ec2-instance-connect enable",
           &LookForEmptySlot},
          {"include-missing", Level::kBroken, "the drop-in exists, but sshd does not read it",
           "the Include lines of sshd_config",
           "restore the line `Include /etc/ssh/sshd_config.d/*.conf` in sshd_config, or run "
           "ec2-instance-connect enable, which then writes to sshd_config",
           &LookForUnreadLines},
          {"command-line-override", Level::kBroken,
           "an option on sshd's command line overrides every file",
           "the command line of the daemon and of its unit",
           "remove the option, then restart sshd; a reload keeps the option", &LookAtCommandLine},
          {"drop-in-order", Level::kBroken, "another file sets the command before ours",
           "the place of the value in effect",
           "run ec2-instance-connect enable --chain to keep both, remove that line, or run "
           "ec2-instance-connect enable --replace",
           &LookAtOrder},
          {"slot-shell-agent", Level::kBroken, "sshd runs the shell agent, not this one",
           "AuthorizedKeysCommand in `sshd -T`",
           "run ec2-instance-connect enable, which replaces it", &LookForShellAgent},
          {"slot-taken", Level::kBroken, "sshd runs somebody else's command for keys",
           "AuthorizedKeysCommand in `sshd -T`",
           "to run both: ec2-instance-connect enable --chain; to run ours alone: "
           "ec2-instance-connect enable --replace; or use Match blocks to give each group of users "
           "its own command",
           &LookForTaker},
          {"slot-wrapper", Level::kWarning,
           "sshd's AuthorizedKeysCommand is somebody else's program, which may run our agent among "
           "others",
           "the program's file; with --user and a live key, what it and our agent print",
           "run doctor with --user while a key is live, to compare the two; or run "
           "ec2-instance-connect enable --chain, which runs them separately",
           &LookForWrapper},
          {"files-differ", Level::kWarning,
           "sshd and this program read the configuration files differently",
           "`sshd -T`, compared with the lines of the files",
           "sshd is right, and enable and disable follow it; `sshd -T -ddd` names the lines that "
           "sshd uses",
           &LookForDifference},
          {"link-target-gone", Level::kWarning,
           "enable replaced a link with a file, and the link's target no longer exists",
           "the comment with the target in the files that enable put in the place of links",
           "install the package that owned the target again; or, if it is no longer needed, remove "
           "the lines that name it",
           &LookForGoneLinks},
          {"match-override", Level::kBroken, "a Match block gives this user another command",
           "`sshd -T -C user=USER`", "change the Match block, or log in as another user",
           &LookAtMatch},
          {"shell-agent-leftover", Level::kWarning,
           "programs from the shell agent's package are still installed",
           "the paths that its packages used",
           "remove the package that owns them (dpkg -S PATH, rpm -qf PATH); its upgrade would set "
           "sshd's command again",
           &LookForLeftovers},
          {"interrupted-run", Level::kWarning, "an enable or disable was interrupted",
           "`/var/lib/ec2-instance-connect/journal.json`",
           "run ec2-instance-connect enable or disable, which first restores every file",
           &LookForInterruption},
      },
      nullptr};
  return kFamily;
}

}  // namespace eic::admin
