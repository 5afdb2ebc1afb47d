#include "admin/sshd/setting_in_force.h"

#include <cstddef>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "admin/sshd/config_text.h"
#include "admin/sshd/match_connection.h"

namespace eic::admin {
namespace {

const std::string& ValueOf(const Effective& effective, Setting::Keyword keyword) {
  return keyword == Setting::Keyword::kCommand ? effective.command : effective.user;
}

// The tree with only the first of these lines, up to `last`.
Tree WithUpTo(const Tree& tree, const std::vector<Setting>& settings, std::size_t last) {
  std::set<std::pair<std::string, std::size_t>> left;
  for (std::size_t i = 0; i <= last; ++i) {
    left.emplace(settings[i].place.file, settings[i].place.line);
  }
  std::map<std::string, std::set<std::size_t>> aside;
  for (std::size_t i = last + 1; i < settings.size(); ++i) {
    const Place& place = settings[i].place;
    if (left.count({place.file, place.line}) == 0) aside[place.file].insert(place.line);
  }
  Tree first = tree;
  for (const auto& [file, lines] : aside) {
    first.Plan(file, SetAside(first.Read(file).value_or(""), lines));
  }
  return first;
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
    const bool is_suspect = says_so && setting.match_block &&
                            MayMeanOthers(config.match_blocks[*setting.match_block].words);
    if (is_suspect) suspects.push_back(setting);
  }
  if (suspects.empty()) return std::nullopt;
  // The first of them that applies sets the value, so the value is in effect as long as that line
  // is left. Bisection needs some 9 questions for 300 blocks.
  std::size_t first = 0;
  std::size_t last = suspects.size() - 1;
  while (first < last) {
    const std::size_t middle = first + (last - first) / 2;
    const Outcome<Effective> answer =
        sshd.Ask(WithUpTo(tree, suspects, middle), options, OrdinaryConnection());
    if (!answer) return suspects.front();
    if (ValueOf(*answer, keyword) == value) {
      last = middle;
    } else {
      first = middle + 1;
    }
  }
  return suspects[first];
}

}  // namespace eic::admin
