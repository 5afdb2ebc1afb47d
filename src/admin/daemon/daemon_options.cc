#include "admin/daemon/daemon_options.h"

#include <algorithm>
#include <cstddef>

#include "admin/layout.h"
#include "admin/sshd/sshd_config.h"

namespace eic::admin {
namespace {

// sshd(8): the options that take an argument, of all versions.
constexpr std::string_view kWithArgument = "bcCEfghkoOpuV";
constexpr std::string_view kFlags = "46dDeGiqQrRtTv";

std::optional<std::string> SettingOf(const std::vector<std::string>& settings,
                                     std::string_view keyword) {
  for (const std::string& setting : settings) {
    const ConfigLine line = SplitConfigLine(setting);
    if (line.keyword == keyword) return std::string(line.rest);
  }
  return std::nullopt;
}

void Take(char option, const std::string& value, DaemonOptions* options) {
  if (option == 'o') options->settings.push_back(value);
  if (option == 'f') options->config_file = value;
  if (option == 'h') options->host_keys.push_back(value);
}

// `-x`, `-xVALUE`; flags may stand together, and before an option with an argument: `-Do VALUE`.
bool LooksLikeOption(std::string_view word) {
  if (word.size() < 2 || word[0] != '-') return false;
  for (const char c : word.substr(1)) {
    if (kWithArgument.find(c) != std::string_view::npos) return true;
    if (kFlags.find(c) == std::string_view::npos) return false;
  }
  return true;
}

// Position in the word of the option that takes an argument; npos if there is none.
std::size_t ArgumentOption(std::string_view word) { return word.find_first_of(kWithArgument, 1); }

}  // namespace

std::string DaemonOptions::MainFile() const {
  return config_file.empty() ? std::string(kMainConfig) : config_file;
}

std::optional<std::string> DaemonOptions::Command() const {
  return SettingOf(settings, "authorizedkeyscommand");
}

std::optional<std::string> DaemonOptions::User() const {
  return SettingOf(settings, "authorizedkeyscommanduser");
}

DaemonOptions DaemonOptions::WithoutCommand() const {
  DaemonOptions rest = *this;
  rest.settings.clear();
  for (const std::string& setting : settings) {
    const std::string keyword = SplitConfigLine(setting).keyword;
    if (keyword == "authorizedkeyscommand" || keyword == "authorizedkeyscommanduser") continue;
    rest.settings.push_back(setting);
  }
  return rest;
}

DaemonOptions ParseDaemonArguments(const std::vector<std::string>& argv) {
  DaemonOptions options;
  for (std::size_t i = 1; i < argv.size(); ++i) {
    if (!LooksLikeOption(argv[i])) continue;
    const std::size_t at = ArgumentOption(argv[i]);
    if (at == std::string::npos) continue;
    const bool is_attached = at + 1 < argv[i].size();
    if (!is_attached && i + 1 >= argv.size()) break;
    const char option = argv[i][at];
    Take(option, is_attached ? argv[i].substr(at + 1) : argv[++i], &options);
  }
  return options;
}

std::vector<std::string> WithoutShellAgent(const std::vector<std::string>& argv) {
  std::vector<std::string> rest;
  for (std::size_t i = 0; i < argv.size(); ++i) {
    const bool is_setting = argv[i] == "-o" && i + 1 < argv.size();
    const ConfigLine line = is_setting ? SplitConfigLine(argv[i + 1]) : ConfigLine{};
    const bool is_theirs = line.keyword == "authorizedkeyscommand" ||
                           line.keyword == "authorizedkeyscommanduser" ||
                           (line.keyword == "permituserenvironment" && line.rest == "EIC_*");
    if (is_theirs) {
      ++i;
    } else {
      rest.push_back(argv[i]);
    }
  }
  return rest;
}

DaemonOptions ParseDaemonTitle(std::string_view title) {
  const std::size_t listener = title.find(" [listener]");
  if (listener != std::string_view::npos) title = title.substr(0, listener);
  std::vector<std::string> argv;
  bool joins = false;  // the value of an `-o` is being put together
  std::size_t at = 0;
  while (at <= title.size()) {
    const std::size_t end = std::min(title.size(), title.find(' ', at));
    const std::string word(title.substr(at, end - at));
    at = end + 1;
    if (word.empty() || (argv.empty() && word == "sshd:")) continue;
    const bool is_value = !argv.empty() && argv.back() == "-o";
    if (joins && !is_value && !LooksLikeOption(word)) {
      argv.back() += " " + word;
      continue;
    }
    joins = is_value || word.substr(0, 2) == "-o";
    argv.push_back(word);
  }
  return ParseDaemonArguments(argv);
}

}  // namespace eic::admin
