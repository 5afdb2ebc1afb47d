#include "admin/slot/survey.h"

#include <set>

#include "admin/limits.h"
#include "admin/sshd/match_connection.h"
#include "admin/sshd/setting_in_force.h"

namespace eic::admin {
namespace {

// The command line first, then the files, as sshd does.
Effective ReadEffective(const Tree& tree, const DaemonOptions& options) {
  const SshdConfig config = ReadSshdConfig(tree, options.MainFile());
  const std::optional<Setting> command = WinningSetting(config, Setting::Keyword::kCommand);
  const std::optional<Setting> user = WinningSetting(config, Setting::Keyword::kUser);
  return {WithoutNone(options.Command().value_or(command ? command->value : "")),
          WithoutNone(options.User().value_or(user ? user->value : ""))};
}

// For a drop-in in a folder that is not read here: uses systemd's own ExecStart if that sets the
// command and the files do not.
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

// What the files set for a block: its own lines before those for all logins.
Effective ReadForBlock(const Survey& survey, std::size_t block) {
  Effective effective = survey.answer.effective;
  bool has_command = false;
  bool has_user = false;
  for (const Setting& setting : survey.config.settings) {
    if (setting.match_block != block) continue;
    const bool is_command = setting.keyword == Setting::Keyword::kCommand;
    bool& has = is_command ? has_command : has_user;
    if (!has) (is_command ? effective.command : effective.user) = WithoutNone(setting.value);
    has = true;
  }
  return effective;
}

// Whether a line of the files sets what sshd reports, or both have nothing.
bool IsExplained(const SshdConfig& config, Setting::Keyword keyword, const std::string& value) {
  bool is_set = false;
  for (const Setting& setting : config.settings) {
    if (setting.keyword != keyword) continue;
    if (WithoutNone(setting.value) == value) return true;
    is_set = is_set || !setting.match_block;
  }
  return value.empty() && !is_set;
}

std::string DifferenceOf(const Survey& survey) {
  const DaemonOptions options = survey.options();
  const Effective& effective = survey.answer.effective;
  if (!survey.answer.is_from_sshd || options.SetsCommandOrUser()) return "";
  if (!IsExplained(survey.config, Setting::Keyword::kCommand, effective.command)) {
    return "sshd has AuthorizedKeysCommand `" +
           (effective.command.empty() ? "none" : effective.command) + "`";
  }
  if (!IsExplained(survey.config, Setting::Keyword::kUser, effective.user)) {
    return "sshd has AuthorizedKeysCommandUser `" +
           (effective.user.empty() ? "none" : effective.user) + "`";
  }
  return "";
}

// What the files contain and what of it is in effect, with the options of the survey.
Outcome<Nothing> ReadConfig(Sshd& sshd, Survey* survey) {
  const DaemonOptions options = survey->options();
  survey->main_file = options.MainFile();
  if (!survey->tree.Read(survey->main_file) && !survey->tree.failure()) {
    return Failure{ExitStatus::kUnchecked, std::string(kNoSshdConfig),
                   "there is no " + survey->main_file + ": install the OpenSSH server first"};
  }
  if (survey->tree.failure()) return *survey->tree.failure();
  // sshd first: a configuration that it rejects need not be read, and may be endless.
  const Outcome<Answer> answer = AskOrRead(sshd, survey->tree, options);
  if (!answer) {
    Failure failure = answer.error();
    if (failure.slug == "sshd-refuses") {
      failure.slug = "config-broken";
      failure.text = "sshd rejects its current configuration: " + failure.text;
    }
    return failure;
  }
  survey->answer = *answer;
  survey->config = ReadSshdConfig(survey->tree, survey->main_file);
  if (survey->tree.failure()) return *survey->tree.failure();
  survey->command = SettingInForce(sshd, survey->tree, options, Setting::Keyword::kCommand,
                                   answer->effective.command);
  survey->user =
      SettingInForce(sshd, survey->tree, options, Setting::Keyword::kUser, answer->effective.user);
  survey->difference = DifferenceOf(*survey);
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
  Layout layout = outside.layout;
  layout.release = sshd.Release();
  Survey survey{Tree(layout), {}, std::nullopt, "", {}, {}, {}, {}};
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
  // The daemon may have been started with options of its own.
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
  std::vector<Connection> connections;
  std::vector<std::size_t> asked;  // which of `answers` each connection is for
  for (const std::size_t index : blocks) {
    MatchAnswer answer{survey.config.match_blocks[index], std::nullopt};
    answer.is_from_sshd = answers.size() < kMatchBlocksAskedMax;
    const std::optional<Connection> connection = ConnectionFor(answer.block.words);
    if (!answer.is_from_sshd) {
      answer.effective = ReadForBlock(survey, index);
    } else if (connection) {
      connections.push_back(*connection);
      asked.push_back(answers.size());
    }
    answers.push_back(std::move(answer));
  }
  const std::vector<Outcome<Effective>> told =
      connections.empty() ? std::vector<Outcome<Effective>>()
                          : sshd.AskForEach(survey.tree, survey.options(), connections);
  for (std::size_t i = 0; i < told.size(); ++i) {
    if (told[i]) answers[asked[i]].effective = *told[i];
  }
  return answers;
}

}  // namespace eic::admin
