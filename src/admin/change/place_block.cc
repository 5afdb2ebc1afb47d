#include "admin/change/place_block.h"

#include <sys/stat.h>

#include <string_view>

#include "admin/change/set_aside.h"
#include "admin/sshd/config_text.h"

namespace eic::admin {
namespace {

// Whether sshd reads a line of a package's file, which we do not write, before those of this file.
bool PackageComesBefore(const Tree& tree, const SshdConfig& config, const std::string& path) {
  for (const Setting& setting : config.settings) {
    if (setting.place.file == path) return false;
    if (!setting.match_block && !tree.layout().IsInEtc(setting.place.file)) return true;
  }
  return false;
}

bool LeadsToNoFile(const Layout& layout, const std::string& path) {
  struct stat status {};
  return stat(layout.Real(path).c_str(), &status) == 0 && !S_ISREG(status.st_mode);
}

// Whether the block takes effect in this drop-in once the administrator's own lines are commented
// out.
bool PlanDropIn(const Survey& survey, const std::string& path, const std::string& block,
                Plan* plan) {
  const Contents text = plan->tree.Read(path);
  plan->tree.Plan(path, AddBlock(text.value_or(""), block));
  const SshdConfig config = ReadSshdConfig(plan->tree, survey.main_file);
  // Somebody masks a file by a link to /dev/null. Transaction refuses to write it.
  const bool counts = LeadsToNoFile(plan->tree.layout(), path) ||
                      (plan->tree.layout().IsInEtc(path) && config.ReadsForAll(path) &&
                       !PackageComesBefore(plan->tree, config, path));
  if (!counts) plan->tree.Unplan(path);
  return counts;
}

// The path in the link itself, without following further links: a package may switch those between
// releases. An Include that finds nothing is not an error for sshd, which would then ignore all
// those settings.
std::string FirstTarget(const Tree& tree, const std::string& path) {
  std::string target = tree.TargetOf(path);
  if (target[0] == '/') return target;
  std::string folder = tree.layout().Resolved(path.substr(0, path.rfind('/')));
  std::string_view rest = target;
  for (;;) {
    if (rest.substr(0, 2) == "./") {
      rest.remove_prefix(2);
    } else if (rest.substr(0, 3) == "../") {
      rest.remove_prefix(3);
      folder.erase(folder.empty() ? 0 : folder.rfind('/'));
    } else {
      return folder + "/" + std::string(rest);
    }
  }
}

// At the top of sshd_config itself, before all that it includes.
Outcome<Nothing> PlanMainFile(const Survey& survey, const std::string& block, Plan* plan) {
  const std::string& path = survey.main_file;
  const std::string text = plan->tree.Read(path).value_or("");
  const Layout& layout = plan->tree.layout();
  if (layout.IsInEtc(path)) {
    plan->tree.Plan(path, AddBlock(text, block));
    return Nothing{};
  }
  if (!IsLinkOutOfEtc(plan->tree, path)) {
    return OutsideEtc(path,
                      "Give it an `Include /etc/ssh/sshd_config.d/*.conf` at its top, and "
                      "run this again");
  }
  // Through an Include, so that later changes by the package stay in effect.
  std::string target = FirstTarget(plan->tree, path);
  const bool can_include =
      layout.release.IsAtLeast(8, 2) && target.find_first_of(" \t\"'\\*?[#=") == std::string::npos;
  SetLinkAside(path, can_include ? "Include " + target + "\n" : text, plan);
  plan->tree.Plan(path, AddBlock(plan->tree.Read(path).value_or(""), block));
  return Nothing{};
}

}  // namespace

Outcome<Nothing> PlanBlock(const Survey& survey, const std::string& block, Plan* plan) {
  for (const std::string_view drop_in : {kDropIn, kFirstDropIn}) {
    if (survey.distrusts_includes) break;
    if (PlanDropIn(survey, std::string(drop_in), block, plan)) return Nothing{};
  }
  return PlanMainFile(survey, block, plan);
}

}  // namespace eic::admin
