#include "admin/change/plan_unit.h"

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "admin/sshd/config_text.h"

namespace eic::admin {
namespace {

constexpr std::string_view kCopyHeader =
    "# Written by `ec2-instance-connect enable` in place of the file of this name below /usr/lib "
    "or\n"
    "# /lib, whose ExecStart gave sshd a command for keys. `ec2-instance-connect disable` removes "
    "it.\n";

bool StartsWith(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

Failure Refuse(const Place& place, const std::string& why) {
  return {ExitStatus::kRefused, "command-line-taken",
          place.Text() + " sets AuthorizedKeysCommand on sshd's command line" + why +
              ". Nothing was changed. Remove the option there, restart sshd, and run this again"};
}

// The lines that assign ExecStart; none if one of them continues in the next line.
std::set<std::size_t> ExecStartLines(std::string_view text) {
  std::set<std::size_t> lines;
  std::size_t number = 0;
  for (std::string_view line : SplitLines(text)) {
    ++number;
    const std::size_t begin = line.find_first_not_of(" \t");
    if (begin == std::string_view::npos) continue;
    line.remove_prefix(begin);
    if (!StartsWith(line, "ExecStart=") && !StartsWith(line, "ExecStart ")) continue;
    if (line.find_last_of('\\') == line.find_last_not_of(" \t\r")) return {};
    lines.insert(number);
  }
  return lines;
}

// `/etc/systemd/system/ssh.service.d/NAME` for a drop-in of any folder.
std::string PathOfCopy(const std::string& drop_in) {
  const std::size_t name = drop_in.rfind('/');
  const std::size_t folder = drop_in.rfind('/', name - 1);
  return std::string(kUnitFolder) + drop_in.substr(folder);
}

bool IsDropIn(const SshUnit& unit, const std::string& file) {
  for (const std::string& drop_in : unit.drop_ins) {
    if (drop_in == file) return true;
  }
  return false;
}

void PlanDropIn(const std::string& file, const std::string& without, Plan* plan) {
  const bool is_local = StartsWith(file, std::string(kUnitFolder) + "/");
  if (is_local) {
    plan->tree.Plan(file, without);
  } else {
    plan->tree.Plan(PathOfCopy(file), std::string(kCopyHeader) + without);
  }
  plan->changes_unit = true;
  plan->notes.push_back("commented out: ExecStart of " + file);
}

}  // namespace

Holder HolderOnCommandLine(const Layout& layout, const DaemonOptions& options) {
  const std::optional<std::string> command = options.Command();
  if (!command && options.User()) return Holder::kSomebodyElse;
  return HolderOf(layout, command);
}

Outcome<Nothing> FreeCommandLine(const SshUnit& unit, Intent intent, Plan* plan) {
  const DaemonOptions options = unit.options();
  const std::string command = options.Command().value_or("");
  const Place place = unit.environment.value_or(unit.exec_start);
  const Holder holder = HolderOnCommandLine(plan->tree.layout(), options);
  if (FateOf(holder, Where::kCommandLine, intent) != Fate::kGivesWay) {
    return Refuse(place, command.empty() ? "" : ": " + Describe(command));
  }
  if (unit.environment || !IsDropIn(unit, place.file)) return Refuse(place, "");
  const Contents text = plan->tree.Read(place.file);
  const std::set<std::size_t> lines = ExecStartLines(text ? *text : "");
  if (lines.empty()) return Refuse(place, "");

  PlanDropIn(place.file, SetAside(*text, lines), plan);
  const SshUnit freed = ReadSshUnit(plan->tree);
  // Somebody set the line's other options (a port, a file). They must not get lost, because people
  // may need them to log in.
  if (freed.argv != WithoutShellAgent(unit.argv)) {
    return Refuse(place,
                  ", together with options that " + freed.exec_start.file + " does not have");
  }
  plan->options = freed.options();
  return Nothing{};
}

void GiveBackCommandLine(Plan* plan) {
  const Plan before = *plan;
  for (const char* unit : {"ssh.service.d", "sshd.service.d"}) {
    for (const std::string& path :
         plan->tree.Glob(std::string(kUnitFolder) + "/" + unit + "/*.conf")) {
      const Contents text = plan->tree.Read(path);
      if (!text) continue;
      if (StartsWith(*text, kCopyHeader)) {
        plan->tree.Plan(path, std::nullopt);
      } else if (HasSetAside(*text)) {
        plan->tree.Plan(path, GiveBack(*text));
      } else {
        continue;
      }
      plan->changes_unit = true;
      plan->notes.push_back("restored: " + path);
    }
  }
  const DaemonOptions options = ReadSshUnit(plan->tree).options();
  const bool is_gone = HolderOnCommandLine(plan->tree.layout(), options) == Holder::kShellAgentName;
  if (is_gone) *plan = before;
  if (!is_gone) plan->options = options;
}

}  // namespace eic::admin
