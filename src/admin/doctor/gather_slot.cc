// The command that counts, and the program that it names.
#include <stdlib.h>
#include <sys/stat.h>

#include <memory>

#include "admin/doctor/gather.h"
#include "admin/files/transaction.h"
#include "admin/slot/agent_command.h"
#include "admin/sshd/config_text.h"

namespace eic::admin {
namespace {

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
  if (HasBlock(tree.Read(std::string(kDropIn)).value_or(""))) {
    slot->our_lines = kDropIn;
    slot->our_lines_are_read = config.reads_drop_in;
  } else if (HasBlock(tree.Read(main_file).value_or(""))) {
    slot->our_lines = main_file;
    slot->our_lines_are_read = true;
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
  if (!survey.answer.is_from_sshd) slot->why_unchecked = survey.answer.why_not;
  FindOurLines(survey.tree, survey.config, survey.main_file, slot);
}

std::string RealPath(const std::string& path) {
  const std::unique_ptr<char, decltype(&free)> real(realpath(path.c_str(), nullptr), &free);
  return real ? real.get() : "";
}

PathPart LookAtPart(const Layout& layout, const std::string& path) {
  struct stat status {};
  PathPart part{path.empty() ? "/" : path, false, false, 0, 0, 0};
  if (stat((layout.root + part.path).c_str(), &status) != 0) return part;
  part.is_there = true;
  part.is_file = S_ISREG(status.st_mode);
  part.owner = status.st_uid;
  part.group = status.st_gid;
  part.mode = status.st_mode & 07777U;
  return part;
}

}  // namespace

SlotFacts LookAtSlot(const Outside& outside, Sshd& sshd) {
  const Tree tree(outside.layout);
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

Program LookAtProgram(const Layout& layout, const std::string& command) {
  Program program;
  const std::string named = ProgramOf(command);
  const std::string real = RealPath(layout.Real(named));
  if (real.empty()) {
    program.parts.push_back({named, false, false, 0, 0, 0});
    return program;
  }
  const std::string path = real.substr(layout.root.size());
  for (std::size_t at = 0; at != std::string::npos; at = path.find('/', at + 1)) {
    program.parts.push_back(LookAtPart(layout, path.substr(0, at)));
  }
  program.parts.push_back(LookAtPart(layout, path));
  program.parts.back().is_there = program.parts.back().is_file;
  return program;
}

}  // namespace eic::admin
