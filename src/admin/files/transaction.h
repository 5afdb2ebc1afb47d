// Several files changed as one, or not at all.
//
// 1. The journal says what is changed, with the bytes before and after.
// 2. Beside each file its new contents are written, and the old ones kept under a second name, so
//    that from here on nothing needs room on the disk.
// 3. The new files take their places, one rename each, where the old bytes are still those that the
//    change was worked out from.
// 4. Commit deletes the second names and the journal; Restore puts everything back.
// A run that is killed leaves the journal, and the next run puts everything back before it starts.
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

  // Steps 1 to 3. If one fails, everything has been restored. Members of the chain that are to be
  // deleted still exist: a running sshd that has not reloaded uses them.
  Outcome<Nothing> Apply();

  // Whether members of the chain are to be deleted.
  bool HasMembersToRemove() const;

  // Step 3 for those. If it fails, Restore is still possible.
  Outcome<Nothing> RemoveMembers();

  // Step 4. After it nothing can be restored; if it fails, Restore is still possible.
  Outcome<Nothing> Commit();

  // Leaves a file alone that somebody else has changed since.
  Outcome<Nothing> Restore();

  const std::vector<Change>& changes() const { return changes_; }

 private:
  Outcome<Nothing> Prepare();
  std::string PathOf(const Change& change) const;
  Outcome<Nothing> WriteBesideFor(const Change& change, const std::string& path, bool is_after);
  Outcome<Nothing> PrepareOne(const Change& change);
  Outcome<Nothing> PutInPlace(const Change& change);
  bool RemovesMember(const Change& change) const;
  Outcome<Nothing> RestoreOne(const Change& change);

  Layout layout_;
  FileSystem& files_;
  std::vector<Change> changes_;
};

// Whether there is a journal: a run was killed, or could not restore every file.
bool IsInterrupted(const Layout& layout);

// Restores what an interrupted run changed; true if there was one.
Outcome<bool> Recover(const Layout& layout, FileSystem& files);

}  // namespace eic::admin
