#include "admin/sshd/setting_in_force.h"

#include <cstddef>
#include <vector>

#include "admin/sshd/config_text.h"

namespace eic::admin {
namespace {

const std::string& ValueOf(const Effective& effective, Setting::Keyword keyword) {
  return keyword == Setting::Keyword::kCommand ? effective.command : effective.user;
}

// The tree in which only one of these lines is left.
Tree With(const Tree& tree, const std::vector<Setting>& settings, std::size_t only) {
  Tree alone = tree;
  for (std::size_t i = 0; i < settings.size(); ++i) {
    const Place& place = settings[i].place;
    if (i == only) continue;
    alone.Plan(place.file, SetAside(alone.Read(place.file).value_or(""), {place.line}));
  }
  return alone;
}

}  // namespace

std::optional<Setting> SettingInForce(Sshd& sshd, const Tree& tree, const DaemonOptions& options,
                                      Setting::Keyword keyword, const std::string& value) {
  const SshdConfig config = ReadSshdConfig(tree, options.MainFile());
  std::optional<Setting> for_all = WinningSetting(config, keyword);
  if (WithoutNone(for_all ? for_all->value : "") == value) return for_all;

  std::vector<Setting> suspects;
  for (const Setting& setting : config.settings) {
    const bool says_so = setting.keyword == keyword && WithoutNone(setting.value) == value;
    if (says_so && setting.match_block) suspects.push_back(setting);
  }
  // Releases differ in whether a comment behind a command is a part of it.
  if (suspects.empty()) return for_all;
  for (std::size_t i = 0; i < suspects.size() && suspects.size() > 1; ++i) {
    const Outcome<Effective> answer =
        sshd.Ask(With(tree, suspects, i), options, OrdinaryConnection());
    if (answer && ValueOf(*answer, keyword) == value) return suspects[i];
  }
  return suspects.front();
}

}  // namespace eic::admin
