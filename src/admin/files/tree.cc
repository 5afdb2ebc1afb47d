#include "admin/files/tree.h"

#include <fnmatch.h>
#include <sys/stat.h>

#include <algorithm>
#include <set>

#include "admin/files/file_system.h"

namespace eic::admin {

std::string Tree::OneName(const std::string& path) const {
  struct stat status {};
  const bool is_file = stat(layout_.Real(path).c_str(), &status) == 0 && S_ISREG(status.st_mode);
  return is_file ? layout_.Resolved(path) : path;
}

std::string Tree::PlannedName(const std::string& path) const {
  return planned_.count(path) > 0 ? path : OneName(path);
}

Contents Tree::ReadFromDisk(const std::string& path) const {
  const std::string name = OneName(path);
  const auto seen = seen_->find(name);
  if (seen != seen_->end()) return seen->second;
  const Outcome<Contents> contents = ReadWhole(layout_.Real(name));
  if (contents) return seen_->emplace(name, *contents).first->second;
  failure_ = contents.error();
  return std::nullopt;
}

Contents Tree::Read(const std::string& path) const {
  const auto planned = planned_.find(PlannedName(path));
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
  PlanName(PlannedName(path), std::move(after), like);
}

void Tree::PlanName(const std::string& name, Contents after, const std::string& like) {
  if (std::find(order_.begin(), order_.end(), name) == order_.end()) order_.push_back(name);
  Planned& planned = planned_[name];
  planned.after = std::move(after);
  planned.like = like;
  // Other bytes than those that the link leads to: a file.
  planned.link_after.clear();
}

void Tree::PlanInPlaceOfLink(const std::string& path, const std::string& bytes) {
  PlanName(path, bytes, "");
  planned_[path].link_before = TargetOf(path);
}

void Tree::PlanLink(const std::string& path, const std::string& target) {
  const std::string folder = path.substr(0, path.rfind('/') + 1);
  Unplan(path);
  PlanName(path, ReadFromDisk(layout_.Resolved(target[0] == '/' ? target : folder + target)), "");
  planned_[path].link_after = target;
}

void Tree::Unplan(const std::string& path) {
  const std::string name = PlannedName(path);
  order_.erase(std::remove(order_.begin(), order_.end(), name), order_.end());
  planned_.erase(name);
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
