// The files as they would be: those on the disk, overlaid with the planned ones. A plan is made and
// checked as a whole before anything is written.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "admin/failure.h"
#include "admin/layout.h"

namespace eic::admin {

// Bytes, or no file at all.
using Contents = std::optional<std::string>;

struct Change {
  std::string path;
  Contents before;
  Contents after;
  std::string like = "";  // of a new file: whose owner and mode it gets; empty: root's and 0644
  // If the name itself changes between a file and a symbolic link: the link's target, on the side
  // on which it is a link. The bytes of that side are those of the target.
  std::string link_before = "";
  std::string link_after = "";

  bool IsOfLink() const { return !link_before.empty() || !link_after.empty(); }
};

class Tree {
 public:
  explicit Tree(Layout layout) : layout_(std::move(layout)) {}

  // Reads a file once: this tree and all its copies plan from the bytes that were read first. A
  // file that cannot be read counts as absent, and failure() reports it.
  Contents Read(const std::string& path) const;

  // The files that match a pattern of glob(3), in its order, planned ones included.
  std::vector<std::string> Glob(const std::string& pattern) const;

  // A later plan for the same file replaces the earlier one and keeps its place in the order. A
  // planned link becomes a file; a link that is to be replaced by a file still is.
  // `like`: as Change has it.
  void Plan(const std::string& path, Contents after, const std::string& like = "");
  void Unplan(const std::string& path);

  // Replaces the name, which is a link, by a file; or a file by a link.
  void PlanInPlaceOfLink(const std::string& path, const std::string& bytes);
  void PlanLink(const std::string& path, const std::string& target);

  // A file may have several names through links. Returns the one under which it is read and
  // planned: the path to which they lead. If there is no such file: the name itself.
  std::string OneName(const std::string& path) const;

  // Whether the name itself is a symbolic link on the disk.
  bool IsLink(const std::string& path) const;

  // The target that this link contains; empty if the name is not a link.
  std::string TargetOf(const std::string& path) const;

  // The changes from the bytes that were read, in the order in which they were planned.
  std::vector<Change> Changes() const;

  const std::optional<Failure>& failure() const { return failure_; }
  const Layout& layout() const { return layout_; }

 private:
  // The name under which there is a plan, or would be.
  std::string PlannedName(const std::string& path) const;
  void PlanName(const std::string& name, Contents after, const std::string& like);
  Contents ReadFromDisk(const std::string& path) const;

  Layout layout_;
  std::vector<std::string> order_;
  struct Planned {
    Contents after;
    std::string like;
    std::string link_before = "";
    std::string link_after = "";
  };
  std::map<std::string, Planned> planned_;
  std::shared_ptr<std::map<std::string, Contents>> seen_ =
      std::make_shared<std::map<std::string, Contents>>();
  mutable std::optional<Failure> failure_;
};

}  // namespace eic::admin
