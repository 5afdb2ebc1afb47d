// The files as they would be: what is on the disk, and over it what is planned. A plan is made and
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
  // Where the name itself changes between a file and a symbolic link: the link's target, on the
  // side on which it is one. The bytes of that side are those that it leads to.
  std::string link_before = "";
  std::string link_after = "";

  bool IsOfLink() const { return !link_before.empty() || !link_after.empty(); }
};

class Tree {
 public:
  explicit Tree(Layout layout) : layout_(std::move(layout)) {}

  // A file is read once: what is planned is planned from the bytes that were seen first, by this
  // tree and by all copies of it. One that cannot be read counts as absent here, and is noted in
  // failure().
  Contents Read(const std::string& path) const;

  // The files that match a pattern of glob(3), in its order, planned ones included.
  std::vector<std::string> Glob(const std::string& pattern) const;

  // Later plans for the same file replace earlier ones, and keep their place in the order. A link
  // that was planned is none any more; one that gives its place to a file still does.
  // `like`: as Change has it.
  void Plan(const std::string& path, Contents after, const std::string& like = "");
  void Unplan(const std::string& path);

  // The name, which is a link, becomes a file; or the other way round.
  void PlanInPlaceOfLink(const std::string& path, const std::string& bytes);
  void PlanLink(const std::string& path, const std::string& target);

  // A file may have several names, by links. This is the one under which it is read and planned:
  // where they lead. Of what is no file: the name itself.
  std::string OneName(const std::string& path) const;

  // Whether the name itself is a symbolic link on the disk.
  bool IsLink(const std::string& path) const;

  // Where that link leads, as it says itself; empty for what is none.
  std::string TargetOf(const std::string& path) const;

  // What differs from the bytes that were seen, in the order in which it was planned.
  std::vector<Change> Changes() const;

  const std::optional<Failure>& failure() const { return failure_; }
  const Layout& layout() const { return layout_; }

 private:
  // Under which name there is a plan, or would be.
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
