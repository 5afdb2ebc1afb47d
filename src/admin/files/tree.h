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

  // Later plans for the same file replace earlier ones, and keep their place in the order.
  // `like`: as Change has it.
  void Plan(const std::string& path, Contents after, const std::string& like = "");
  void Unplan(const std::string& path);

  // Whether the name itself is a symbolic link on the disk.
  bool IsLink(const std::string& path) const;

  // What differs from the bytes that were seen, in the order in which it was planned.
  std::vector<Change> Changes() const;

  const std::optional<Failure>& failure() const { return failure_; }
  const Layout& layout() const { return layout_; }

 private:
  Contents ReadFromDisk(const std::string& path) const;

  Layout layout_;
  std::vector<std::string> order_;
  struct Planned {
    Contents after;
    std::string like;
  };
  std::map<std::string, Planned> planned_;
  std::shared_ptr<std::map<std::string, Contents>> seen_ =
      std::make_shared<std::map<std::string, Contents>>();
  mutable std::optional<Failure> failure_;
};

}  // namespace eic::admin
