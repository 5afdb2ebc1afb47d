#include "admin/slot/survey.h"

#include <set>

#include "admin/sshd/match_connection.h"
#include "admin/sshd/setting_in_force.h"

namespace eic::admin {
namespace {

// The command line first, then the files: what sshd would say.
Effective ReadEffective(const Tree& tree, const DaemonOptions& options) {
  const SshdConfig config = ReadSshdConfig(tree, options.MainFile());
  const std::optional<Setting> command = WinningSetting(config, Setting::Keyword::kCommand);
  const std::optional<Setting> user = WinningSetting(config, Setting::Keyword::kUser);
  return {WithoutNone(options.Command().value_or(command ? command->value : "")),
          WithoutNone(options.User().value_or(user ? user->value : ""))};
}

// A drop-in in a folder that is not read here: systemd's own word counts where it sets the command
// and the files do not.
void HearSystemd(Daemon& daemon, SshUnit* unit) {
  if (unit->options().SetsCommandOrUser()) return;
  const std::optional<std::string> words = daemon.ExecStart(unit->name);
  if (!words) return;
  const DaemonOptions heard = ParseDaemonTitle("sshd: " + *words + " [listener]");
  if (!heard.SetsCommandOrUser()) return;
  unit->argv.resize(1);
  for (const std::string& setting : heard.settings) {
    unit->argv.emplace_back("-o");
    unit->argv.push_back(setting);
  }
  unit->exec_start = {"systemctl show -p ExecStart " + unit->name, 0};
}

// What the files say, and what counts of it, for the options of the survey.
Outcome<Nothing> ReadConfig(Sshd& sshd, Survey* survey) {
  const DaemonOptions options = survey->options();
  survey->main_file = options.MainFile();
  if (!survey->tree.Read(survey->main_file) && !survey->tree.failure()) {
    return Failure{ExitStatus::kUnchecked, std::string(kNoSshdConfig),
                   "there is no " + survey->main_file + ": install the OpenSSH server first"};
  }
  survey->config = ReadSshdConfig(survey->tree, survey->main_file);
  if (survey->tree.failure()) return *survey->tree.failure();

  const Outcome<Answer> answer = AskOrRead(sshd, survey->tree, options);
  if (!answer) {
    Failure failure = answer.error();
    if (failure.slug == "sshd-refuses") {
      failure.slug = "config-broken";
      failure.text = "sshd does not take its configuration as it stands: " + failure.text;
    }
    return failure;
  }
  survey->answer = *answer;
  survey->command = SettingInForce(sshd, survey->tree, options, Setting::Keyword::kCommand,
                                   answer->effective.command);
  survey->user =
      SettingInForce(sshd, survey->tree, options, Setting::Keyword::kUser, answer->effective.user);
  return Nothing{};
}

}  // namespace

Outcome<Answer> AskOrRead(Sshd& sshd, const Tree& tree, const DaemonOptions& options) {
  const Outcome<Effective> effective = sshd.Ask(tree, options, OrdinaryConnection());
  if (effective) return Answer{*effective, true, ""};
  if (effective.error().status != ExitStatus::kUnchecked) return effective.error();
  return Answer{ReadEffective(tree, options), false, effective.error().text};
}

Outcome<Survey> TakeSurvey(const Outside& outside, Sshd& sshd) {
  Survey survey{Tree(outside.layout), {}, std::nullopt, "", {}, {}, {}, {}};
  survey.unit = ReadSshUnit(survey.tree);
  Daemon daemon(outside.layout, outside.runner);
  HearSystemd(daemon, &survey.unit);
  survey.daemon = daemon.Find(survey.unit);
  const Outcome<Nothing> read = ReadConfig(sshd, &survey);
  if (!read) return read.error();
  const std::string& pid_file = survey.answer.effective.pid_file;
  if (survey.daemon || pid_file.empty()) return survey;
  survey.daemon = daemon.FindByPidFile(pid_file, survey.unit);
  if (!survey.daemon) return survey;
  // It may have been started with options of its own.
  const Outcome<Nothing> again = ReadConfig(sshd, &survey);
  if (!again) return again.error();
  return survey;
}

std::string OriginOf(const Survey& survey, Setting::Keyword keyword) {
  const DaemonOptions in_force = survey.options();
  const DaemonOptions in_unit = survey.unit.options();
  const bool wants_command = keyword == Setting::Keyword::kCommand;
  const auto of = [&](const DaemonOptions& options) {
    return wants_command ? options.Command() : options.User();
  };
  if (of(in_force)) {
    if (of(in_unit) != of(in_force)) {
      return "command line of the running sshd, process " +
             std::to_string(survey.daemon ? survey.daemon->pid : 0);
    }
    return "command line of sshd, " +
           survey.unit.environment.value_or(survey.unit.exec_start).Text();
  }
  const std::optional<Setting>& setting = wants_command ? survey.command : survey.user;
  return setting ? setting->place.Text() : "";
}

std::vector<MatchAnswer> AskForMatchBlocks(const Survey& survey, Sshd& sshd) {
  std::set<std::size_t> blocks;
  for (const Setting& setting : survey.config.settings) {
    if (setting.match_block) blocks.insert(*setting.match_block);
  }
  std::vector<MatchAnswer> answers;
  for (const std::size_t index : blocks) {
    MatchAnswer answer{survey.config.match_blocks[index], std::nullopt};
    if (const std::optional<Connection> connection = ConnectionFor(answer.block.criteria)) {
      const Outcome<Effective> effective = sshd.Ask(survey.tree, survey.options(), *connection);
      if (effective) answer.effective = *effective;
    }
    answers.push_back(std::move(answer));
  }
  return answers;
}

}  // namespace eic::admin
