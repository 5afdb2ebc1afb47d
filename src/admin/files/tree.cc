#include "admin/files/tree.h"

#include <fnmatch.h>
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
  const std::vector<std::string> matches = layout_.Glob(pattern);
  std::set<std::string> found(matches.begin(), matches.end());
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
  Planned& planned = planned_[path];
  planned.after = std::move(after);
  planned.like = like;
  // Other bytes than those that the link leads to: a file.
  planned.link_after.clear();
}

void Tree::PlanInPlaceOfLink(const std::string& path, const std::string& bytes) {
  Plan(path, bytes);
  planned_[path].link_before = TargetOf(path);
}

void Tree::PlanLink(const std::string& path, const std::string& target) {
  const std::string folder = path.substr(0, path.rfind('/') + 1);
  Plan(path, ReadFromDisk(layout_.Resolved(target[0] == '/' ? target : folder + target)));
  planned_[path].link_after = target;
}

void Tree::Unplan(const std::string& path) {
  order_.erase(std::remove(order_.begin(), order_.end(), path), order_.end());
  planned_.erase(path);
}

bool Tree::IsLink(const std::string& path) const {
  struct stat status {};
  return lstat(layout_.RealName(path).c_str(), &status) == 0 && S_ISLNK(status.st_mode);
}

std::string Tree::TargetOf(const std::string& path) const {
  return LinkTarget(layout_.RealName(path));
}

std::vector<Change> Tree::Changes() const {
  std::vector<Change> changes;
  for (const std::string& path : order_) {
    Contents before = ReadFromDisk(path);
    const Planned& planned = planned_.at(path);
    Change change{path,         std::move(before),   planned.after,
                  planned.like, planned.link_before, planned.link_after};
    if (change.before != change.after || change.IsOfLink()) changes.push_back(std::move(change));
  }
  return changes;
}

}  // namespace eic::admin
