// `eic config`: the block for ssh, printed, installed or taken out.
#include <ostream>

#include "client/commands/commands.h"
#include "client/commands/place.h"
#include "client/commands/report.h"
#include "client/limits.h"
#include "client/ssh/config_install.h"
#include "client/ssh/ssh_version.h"
#include "client/terminal_text.h"

namespace eic::client {
namespace {

using aws::Outcome;

Outcome<BlockSpec> SpecOf(Outside& outside, const Folder& folder, const ConfigOptions& options) {
  const Outcome<Ran> ran = outside.Run({"ssh", "-V"});
  if (!ran) return ran.error();
  const Outcome<SshVersion> version = CheckSshVersion(ran->errors + ran->output);
  if (!version) return version.error();
  const Outcome<SettingsFile> settings = ReadSettings(outside);
  if (!settings) return settings.error();
  Outcome<std::vector<std::string>> words =
      ProxyCommandWords(outside, options.own, ApiSettings(options.own), "");
  if (!words) return words.error();
  return BlockSpec{*version, folder, *std::move(words),
                   settings->For({"*"}).host_keys.value_or(HostKeys::kAcceptNew)};
}

Outcome<ConfigReport> Change(Outside& outside, const Folder& folder, const ConfigOptions& options) {
  const Outcome<std::string> home = outside.HomeOfPasswd();
  if (!home) return home.error();
  const ConfigPlace place{*home + "/.ssh", *home + "/.ssh/config"};
  if (options.action == ConfigOptions::Action::kRemove) return RemoveConfig(place, folder);
  const Outcome<BlockSpec> spec = SpecOf(outside, folder, options);
  if (!spec) return spec.error();
  return InstallConfig(place, *spec, options.goes_first, [&outside](const std::string& host) {
    return outside.Run({"ssh", "-G", host});
  });
}

int Print(Outside& outside, const Folder& folder, const ConfigOptions& options) {
  const Outcome<BlockSpec> spec = SpecOf(outside, folder, options);
  if (!spec) return Report(outside.Errors(), spec.error());
  const Outcome<std::string> text = WriteBlock(*spec);
  if (!text) return Report(outside.Errors(), text.error());
  outside.Output() << *text << std::flush;
  return outside.Output() ? 0 : kStatusFailed;
}

}  // namespace

int RunConfigCommand(Outside& outside, const ConfigOptions& options) {
  const Outcome<Folder> folder = outside.OpenFolder();
  if (!folder) return Report(outside.Errors(), folder.error());
  if (options.action == ConfigOptions::Action::kPrint) return Print(outside, *folder, options);
  const Outcome<ConfigReport> report = Change(outside, *folder, options);
  if (!report) return Report(outside.Errors(), report.error());
  const bool installs = options.action == ConfigOptions::Action::kInstall;
  const char* done = installs ? "ssh now accepts instance ids as hosts: ssh i-0123456789abcdef0\n"
                              : "Removed eic from ssh's configuration.\n";
  const char* unchanged = installs ? "Already installed.\n" : "Not installed; nothing to remove.\n";
  outside.Output() << (report->has_changed ? done : unchanged);
  for (const std::string& note : report->notes) {
    outside.Output() << "Note: " << TerminalLine(note, kShownMessageBytesMax) << '\n';
  }
  outside.Output() << std::flush;
  return outside.Output() ? 0 : kStatusFailed;
}

}  // namespace eic::client
