#include "admin/files/tree.h"

#include <fnmatch.h>
#include <glob.h>
#include <sys/stat.h>

#include <algorithm>
#include <set>

#include "admin/files/file_system.h"

namespace eic::admin {

Contents Tree::ReadFromDisk(const std::string& path) const {
  const auto seen = seen_->find(path);
  if (seen != seen_->end()) return seen->second;
  const Outcome<Contents> contents = ReadWhole(layout_.Real(path));
  if (contents) return seen_->emplace(path, *contents).first->second;
  failure_ = contents.error();
  return std::nullopt;
}

Contents Tree::Read(const std::string& path) const {
  const auto planned = planned_.find(path);
  return planned == planned_.end() ? ReadFromDisk(path) : planned->second.after;
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
  for (const auto& [path, planned] : planned_) {
    if (fnmatch(pattern.c_str(), path.c_str(), FNM_PATHNAME | FNM_PERIOD) != 0) continue;
    if (planned.after) {
      found.insert(path);
    } else {
      found.erase(path);
    }
  }
  return {found.begin(), found.end()};
}

void Tree::Plan(const std::string& path, Contents after, const std::string& like) {
  if (std::find(order_.begin(), order_.end(), path) == order_.end()) order_.push_back(path);
  planned_[path] = {std::move(after), like};
}

void Tree::Unplan(const std::string& path) {
  order_.erase(std::remove(order_.begin(), order_.end(), path), order_.end());
  planned_.erase(path);
}

bool Tree::IsLink(const std::string& path) const {
  const std::size_t slash = path.rfind('/');
  struct stat status {};
  const std::string name = layout_.Real(path.substr(0, slash)) + path.substr(slash);
  return lstat(name.c_str(), &status) == 0 && S_ISLNK(status.st_mode);
}

std::vector<Change> Tree::Changes() const {
  std::vector<Change> changes;
  for (const std::string& path : order_) {
    Contents before = ReadFromDisk(path);
    const Planned& planned = planned_.at(path);
    if (before != planned.after) {
      changes.push_back({path, std::move(before), planned.after, planned.like});
    }
  }
  return changes;
}

}  // namespace eic::admin
