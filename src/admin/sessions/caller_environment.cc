#include "admin/sessions/caller_environment.h"

#include <algorithm>
#include <vector>

#include "admin/sshd/config_text.h"
#include "admin/sshd/sshd_config.h"

namespace eic::admin {
namespace {

// The first line of the configuration that sets PermitUserEnvironment; what enable wrote itself
// left out.
std::optional<Place> WhoPermits(const Tree& tree, const SshdConfig& config) {
  for (const std::string& file : config.files) {
    std::size_t number = 0;
    bool is_in_block = false;
    const std::string text = tree.Read(file).value_or("");
    for (const std::string_view line : SplitLines(text)) {
      ++number;
      if (line == kBlockBegin) is_in_block = true;
      if (line == kBlockEnd) is_in_block = false;
      if (is_in_block && line == kPermitLine) continue;
      if (SplitConfigLine(line).keyword == "permituserenvironment") return Place{file, number};
    }
  }
  return std::nullopt;
}

bool SetsPermit(const DaemonOptions& options) {
  return std::any_of(options.settings.begin(), options.settings.end(),
                     [](const std::string& setting) {
                       return SplitConfigLine(setting).keyword == "permituserenvironment";
                     });
}

}  // namespace

std::string LabellingBlock(std::string_view block) {
  std::string labelling;
  for (const std::string_view line : SplitLines(block)) {
    if (line == kBlockEnd) labelling += std::string(kPermitLine) + '\n';
    const bool is_command = SplitConfigLine(line).keyword == "authorizedkeyscommand";
    labelling +=
        is_command ? "AuthorizedKeysCommand " + std::string(kLabellingCommand) : std::string(line);
    labelling += '\n';
  }
  return labelling;
}

Outcome<Nothing> CheckCallerEnvironment(const Survey& survey, const Effective& effective,
                                        const Tree& tree) {
  const bool is_as_written = effective.IsWanted() || effective.command == kLabellingCommand;
  if (OwnerOf(effective.command) == Owner::kOurs && !is_as_written) {
    return Failure{
        ExitStatus::kRefused, "command-edited",
        "sshd runs our agent as `" + effective.command + "` by " + effective.user +
            ", but --caller-environment changes only what `enable` writes. Nothing was changed. "
            "Add --caller-environment to that command, or to its member file in the chain, and `" +
            std::string(kPermitLine) + "` to sshd_config, by hand"};
  }
  const SshdRelease& openssh = tree.layout().release;
  if (!openssh.IsAtLeast(7, 8)) {
    return Failure{ExitStatus::kRefused, "openssh-too-old",
                   "--caller-environment needs OpenSSH 7.8, and this sshd is " +
                       std::to_string(openssh.major) + "." + std::to_string(openssh.minor) +
                       ", which could only permit every variable. Nothing was changed. Leave the "
                       "option out"};
  }
  const std::optional<Place> place = WhoPermits(tree, ReadSshdConfig(tree, survey.main_file));
  if (place) {
    return Failure{ExitStatus::kRefused, "environment-taken",
                   place->Text() +
                       " sets PermitUserEnvironment, which --caller-environment would set as well. "
                       "Nothing was changed. Remove that line, or add EIC_CALLER,EIC_REQUEST to it "
                       "and the agent's option --caller-environment to its command by hand"};
  }
  // It beats every file.
  if (SetsPermit(survey.unit.options()) || SetsPermit(survey.options())) {
    return Failure{ExitStatus::kRefused, "environment-taken",
                   "an option on sshd's command line sets PermitUserEnvironment, and overrides "
                   "what --caller-environment would write. Nothing was changed. Remove the option "
                   "from sshd's unit, restart sshd, and run this again"};
  }
  return Nothing{};
}

bool PermitsLabels(const Survey& survey, const Tree& tree) {
  const SshdConfig config = ReadSshdConfig(tree, survey.main_file);
  return std::any_of(config.files.begin(), config.files.end(), [&](const std::string& file) {
    const std::string text = tree.Read(file).value_or("");
    const std::vector<std::string_view> lines = SplitLines(text);
    return std::find(lines.begin(), lines.end(), kPermitLine) != lines.end();
  });
}

}  // namespace eic::admin
