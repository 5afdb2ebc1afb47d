// Several files changed as one, or not at all.
//
// 1. The journal says what is changed, with the bytes before and after.
// 2. Beside each file its new contents are written, and the old ones kept under a second name, so
//    that from here on nothing needs room on the disk.
// 3. The new files take their places, one rename each, where the old bytes are still those that the
//    change was worked out from.
// 4. Commit takes away the second names and the journal; Restore puts everything back.
// A run that is killed leaves the journal, and the next run puts everything back before it begins.
#pragma once

#include <vector>

#include "admin/failure.h"
#include "admin/files/file_system.h"
#include "admin/files/tree.h"
#include "admin/layout.h"

namespace eic::admin {

class Transaction {
 public:
  Transaction(Layout layout, FileSystem& files, std::vector<Change> changes);

  // Steps 1 to 3. Where one fails, everything has been put back. Members of the chain that go are
  // still there: a running sshd that has not been told asks them.
  Outcome<Nothing> Apply();

  // Whether members go.
  bool HasMembersToRemove() const;

  // Step 3 for those. Where it fails, Restore still can.
  Outcome<Nothing> RemoveMembers();

  // Step 4. After it nothing can be put back; where it fails, Restore still can.
  Outcome<Nothing> Commit();

  // A file that has been changed by somebody else since is left alone.
  Outcome<Nothing> Restore();

  const std::vector<Change>& changes() const { return changes_; }

 private:
  Outcome<Nothing> Prepare();
  Outcome<Nothing> PrepareOne(const Change& change);
  Outcome<Nothing> PutInPlace(const Change& change);
  bool RemovesMember(const Change& change) const;
  Outcome<Nothing> RestoreOne(const Change& change);

  Layout layout_;
  FileSystem& files_;
  std::vector<Change> changes_;
};

// Whether a journal is there: a run was killed, or could not put back.
bool IsInterrupted(const Layout& layout);

// Puts back what an interrupted run changed; true where there was one.
Outcome<bool> Recover(const Layout& layout, FileSystem& files);

}  // namespace eic::admin
