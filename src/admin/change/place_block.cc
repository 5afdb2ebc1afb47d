#include "admin/change/place_block.h"

#include <sys/stat.h>

#include <string_view>

#include "admin/change/set_aside.h"
#include "admin/sshd/config_text.h"

namespace eic::admin {
namespace {

// Whether a package's line, which is not written, is read before those of this file.
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

// Whether the block counts in this drop-in, once the administrator's own lines are set aside.
bool PlanDropIn(const Survey& survey, const std::string& path, const std::string& block,
                Plan* plan) {
  const Contents text = plan->tree.Read(path);
  plan->tree.Plan(path, AddBlock(text.value_or(""), block));
  const SshdConfig config = ReadSshdConfig(plan->tree, survey.main_file);
  // A link to /dev/null is how somebody masks a file: that it is there is for Transaction to say.
  const bool counts = LeadsToNoFile(plan->tree.layout(), path) ||
                      (plan->tree.layout().IsInEtc(path) && config.ReadsForAll(path) &&
                       !PackageComesBefore(plan->tree, config, path));
  if (!counts) plan->tree.Unplan(path);
  return counts;
}

// Where the link itself leads, and not what that leads to by links of its own: these are switched
// from one release of a package to the next, and an Include that finds nothing is no error to sshd,
// which would go on without any of its settings.
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
  // By an Include, so that what a package changes there goes on counting.
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
