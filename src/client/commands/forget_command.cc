// `eic forget`: the host keys of an instance that was rebuilt, and what else is remembered of it.
#include <unistd.h>

#include <ostream>
#include <set>
#include <sstream>

#include "aws/system/files.h"
#include "client/commands/commands.h"
#include "client/commands/place.h"
#include "client/commands/report.h"
#include "client/limits.h"
#include "client/terminal_text.h"

namespace eic::client {
namespace {

using aws::Failure;
using aws::Outcome;

// `[NAME]:PORT` or NAME.
std::string BareName(const std::string& name) {
  const std::size_t end = name.find(']');
  return !name.empty() && name[0] == '[' && end != std::string::npos ? name.substr(1, end - 1)
                                                                     : name;
}

bool IsFormOf(const std::string& name, const std::string& instance_id) {
  const std::string bare = BareName(name);
  return bare == instance_id || bare.rfind(instance_id + ".", 0) == 0;
}

// Every form under which known_hosts has the instance: with a port, with `.REGION`.
std::set<std::string> FormsOf(const std::string& known_hosts, const std::string& instance_id) {
  std::set<std::string> forms = {instance_id};
  std::istringstream lines(known_hosts);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string names;
    words >> names;
    if (!names.empty() && names[0] == '@') words >> names;
    std::istringstream list(names);
    for (std::string name; std::getline(list, name, ',');) {
      if (IsFormOf(name, instance_id)) forms.insert(name);
    }
  }
  return forms;
}

Outcome<std::string> IdOf(Outside& outside, const ForgetOptions& options) {
  const Target target = ParseTarget(options.word);
  if (target.kind == Target::Kind::kInstanceId) return target.name;
  const Outcome<SettingsFile> settings = ReadSettings(outside);
  if (!settings) return settings.error();
  const aws::Settings place = PlaceOf(options.own, target, settings->For({target.word}));
  const Outcome<std::unique_ptr<aws::Api>> api = outside.OpenApi(place);
  if (!api) return api.error();
  const Outcome<aws::Instance> found = FindInstance(**api, target);
  if (!found) return found.error();
  return found->instance_id;
}

// True where a key was there.
Outcome<bool> ForgetHostKeys(Outside& outside, const std::string& known_hosts,
                             const std::string& instance_id) {
  const Outcome<std::string> before = LoadFile(known_hosts, kKnownHostsBytesMax);
  if (!before) {
    if (before.error().code == "NoFile") return false;
    return before.error();
  }
  for (const std::string& form : FormsOf(*before, instance_id)) {
    const Outcome<Ran> ran = outside.Run({"ssh-keygen", "-R", form, "-f", known_hosts});
    if (!ran) return ran.error();
    // A name that is not there is no failure: status 0 in newer versions, 255 in older ones.
    if (ran->status != 0 && ran->errors.find("not found in") == std::string::npos) {
      return Failure{"ProgramFailed", "ssh-keygen -R " + form + " failed: " + ran->errors};
    }
  }
  const Outcome<std::string> after = LoadFile(known_hosts, kKnownHostsBytesMax);
  if (!after) return after.error();
  // What ssh-keygen leaves of the old contents is what was to be forgotten.
  (void)unlink((known_hosts + ".old").c_str());
  return *after != *before;
}

Outcome<bool> ForgetAll(Outside& outside, const ForgetOptions& options) {
  const Outcome<Folder> folder = outside.OpenFolder();
  if (!folder) return folder.error();
  const Outcome<std::string> id = IdOf(outside, options);
  if (!id) return id.error();
  const Outcome<bool> had_keys = ForgetHostKeys(outside, folder->KnownHosts(), *id);
  if (!had_keys) return had_keys.error();
  const bool was_known = Forget(folder->Remembered(), *id);
  return *had_keys || was_known;
}

}  // namespace

int RunForgetCommand(Outside& outside, const ForgetOptions& options) {
  const Outcome<bool> forgotten = ForgetAll(outside, options);
  if (!forgotten) return Report(outside.Errors(), forgotten.error());
  outside.Output() << TerminalLine(options.word, kShownValueBytesMax)
                   << (*forgotten ? ": forgot its host keys and everything else that was known.\n"
                                  : ": nothing was known.\n")
                   << std::flush;
  return outside.Output() ? 0 : kStatusFailed;
}

}  // namespace eic::client
