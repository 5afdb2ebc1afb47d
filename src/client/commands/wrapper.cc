#include "client/commands/wrapper.h"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <ostream>
#include <string_view>

#include "client/commands/place.h"
#include "client/commands/report.h"
#include "client/ssh/config_words.h"
#include "client/ssh/run_files.h"

namespace eic::client {
namespace {

// Where distributions have it; the second is SUSE's, which ssh reads where the first is missing.
constexpr const char* kSystemConfigs[] = {"/etc/ssh/ssh_config", "/usr/etc/ssh/ssh_config"};

aws::Outcome<std::vector<std::string>> Includes(const Outside& outside,
                                                const std::string& config_file) {
  if (config_file == "none") return std::vector<std::string>{};
  if (!config_file.empty()) {
    if (config_file[0] == '/') return std::vector<std::string>{config_file};
    char folder[4096];
    if (getcwd(folder, sizeof(folder)) == nullptr) {
      return aws::Failure{"BadPath", "this folder has no path", "give -F an absolute path"};
    }
    return std::vector<std::string>{std::string(folder) + "/" + config_file};
  }
  const aws::Outcome<std::string> home = outside.HomeOfPasswd();
  if (!home) return home.error();
  std::vector<std::string> paths = {*home + "/.ssh/config"};
  for (const char* system : kSystemConfigs) {
    if (access(system, F_OK) != 0) continue;
    paths.emplace_back(system);
    break;
  }
  return paths;
}

}  // namespace

aws::Outcome<std::string> WriteCommandFile(Outside& outside, const Folder& folder,
                                           const SshVersion& version, const OwnOptions& own,
                                           const std::vector<HostSection>& hosts,
                                           const std::string& config_file) {
  aws::Outcome<std::vector<std::string>> includes = Includes(outside, config_file);
  if (!includes) return includes.error();
  aws::Outcome<std::vector<std::string>> hops =
      ProxyCommandWords(outside, own, ApiSettings(own), "");
  if (!hops) return hops.error();
  const CommandSpec spec{
      {version, folder, *std::move(hops), HostKeys::kAcceptNew}, hosts, *std::move(includes)};
  const aws::Outcome<std::string> text = WriteCommandConfig(spec);
  if (!text) return text.error();
  return KeepRunFile(folder, *text);
}

bool IsAskable(const std::string& host) {
  return !host.empty() && host[0] != '-' && std::all_of(host.begin(), host.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("._:%-").find(c) != std::string_view::npos;
  });
}

std::string ShellLine(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) {
    if (!line.empty()) line += ' ';
    line += ShellWord(word);
  }
  return line;
}

std::vector<std::string> OverridingOptions(const Folder& folder, bool wants_only_identities,
                                           const std::string& identity_agent) {
  std::vector<std::string> options;
  if (wants_only_identities) {
    options.emplace_back("-o");
    options.emplace_back("IdentitiesOnly=no");
  }
  if (!identity_agent.empty()) {
    std::string path;
    for (const char c : folder.AgentSocket()) path += c == '%' ? "%%" : std::string(1, c);
    options.emplace_back("-o");
    options.push_back("IdentityAgent=\"" + path + "\"");
  }
  return options;
}

int BecomeOrPrint(Outside& outside, const OwnOptions& own, const std::vector<std::string>& words) {
  if (own.prints_command) {
    outside.Output() << ShellLine(words) << '\n' << std::flush;
    return outside.Output() ? 0 : kStatusFailed;
  }
  if (own.is_verbose) outside.Errors() << "eic: " << ShellLine(words) << '\n' << std::flush;
  return Report(outside.Errors(), outside.Become(words));
}

void Warn(Outside& outside, bool is_verbose, const std::string& warning) {
  if (warning.empty() || (!is_verbose && !outside.IsErrorsTerminal())) return;
  outside.Errors() << "eic: " << warning << '\n' << std::flush;
}

int ReportLogin(Outside& outside, const Folder& folder, const std::string& target,
                const aws::Failure& failure) {
  if (failure.code != "Usage") outside.RecordFailure(folder, target, failure);
  return Report(outside.Errors(), failure);
}

}  // namespace eic::client
