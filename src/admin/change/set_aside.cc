#include "admin/change/set_aside.h"

#include "admin/sshd/config_text.h"

namespace eic::admin {

Failure OutsideEtc(const std::string& path, const std::string& way) {
  return {ExitStatus::kRefused, "outside-etc",
          path +
              " is outside /etc, where packages and images keep their files, so this program does "
              "not write it. Nothing was changed. " +
              way};
}

bool IsLinkOutOfEtc(const Tree& tree, const std::string& path) {
  const std::string folder = path.substr(0, path.rfind('/'));
  return tree.IsLink(path) && tree.layout().IsInEtc(folder + "/") && !tree.layout().IsInEtc(path);
}

void SetLinkAside(const std::string& path, const std::string& text, Plan* plan) {
  const std::string target = plan->tree.TargetOf(path);
  plan->tree.PlanInPlaceOfLink(path, InPlaceOfLink(target, text));
  plan->notes.push_back("replaced the link " + path + " to " + target + " with a file");
}

Outcome<Nothing> SetAsideLines(const std::string& file, const std::set<std::size_t>& lines,
                               Plan* plan) {
  const std::string text = plan->tree.Read(file).value_or("");
  const std::string without = SetAside(text, lines);
  // A link that the plan replaces by a file.
  const bool is_planned = Tree(plan->tree.layout()).Read(file).value_or("") != text;
  if (plan->tree.layout().IsInEtc(file) || is_planned) {
    plan->tree.Plan(file, without);
    return Nothing{};
  }
  if (!IsLinkOutOfEtc(plan->tree, file)) {
    return OutsideEtc(Place{file, *lines.begin()}.Text(),
                      "Remove its Include from the file in /etc, and run this again");
  }
  SetLinkAside(file, without, plan);
  return Nothing{};
}

}  // namespace eic::admin
