#include "admin/tree.h"

#include <fnmatch.h>
#include <glob.h>

#include <algorithm>
#include <set>

#include "admin/file_system.h"

namespace eic::admin {
Contents Tree::ReadFromDisk(const std::string& path) const {
  const Outcome<Contents> contents = ReadWhole(layout_.Real(path));
  if (contents) return *contents;
  failure_ = contents.error();
  return std::nullopt;
}

Contents Tree::Read(const std::string& path) const {
  const auto planned = planned_.find(path);
  return planned == planned_.end() ? ReadFromDisk(path) : planned->second;
}

std::vector<std::string> Tree::Glob(const std::string& pattern) const {
  std::set<std::string> found;
  glob_t matches{};
  if (glob((layout_.root + pattern).c_str(), 0, nullptr, &matches) == 0) {
    for (std::size_t i = 0; i < matches.gl_pathc; ++i) {
      found.insert(std::string(matches.gl_pathv[i]).substr(layout_.root.size()));
    }
  }
  globfree(&matches);
  for (const auto& [path, contents] : planned_) {
    if (fnmatch(pattern.c_str(), path.c_str(), FNM_PATHNAME | FNM_PERIOD) != 0) continue;
    if (contents) {
      found.insert(path);
    } else {
      found.erase(path);
    }
  }
  return {found.begin(), found.end()};
}

void Tree::Plan(const std::string& path, Contents after) {
  if (std::find(order_.begin(), order_.end(), path) == order_.end()) order_.push_back(path);
  planned_[path] = std::move(after);
}

void Tree::Unplan(const std::string& path) {
  order_.erase(std::remove(order_.begin(), order_.end(), path), order_.end());
  planned_.erase(path);
}

std::vector<Change> Tree::Changes() const {
  std::vector<Change> changes;
  for (const std::string& path : order_) {
    Contents before = ReadFromDisk(path);
    const Contents& after = planned_.at(path);
    if (before != after) changes.push_back({path, std::move(before), after});
  }
  return changes;
}

}  // namespace eic::admin
