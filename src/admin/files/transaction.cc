#include "admin/files/transaction.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <string_view>
#include <utility>

#include "admin/files/journal.h"
#include "admin/limits.h"

namespace eic::admin {
namespace {

// The journal has the bytes of files that not everybody may read.
constexpr mode_t kJournalMode = 0600;

std::string FolderOf(const std::string& path) { return path.substr(0, path.rfind('/')); }

// The second name of a file's old contents.
std::string OldName(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return path.substr(0, slash + 1) + "." + path.substr(slash + 1) + ".eic-old";
}

// A link leads nowhere while its target is renamed. So the target is changed under its own name, in
// this run and in the run that recovers it.
std::string ResolvedPath(const Layout& layout, const std::string& path) {
  const std::string real = layout.Real(path);
  struct stat status {};
  if (stat(real.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return path;
  return layout.Resolved(path);
}

// A folder of unit drop-ins or of members that has become empty has no effect, and we may have made
// it.
void RemoveEmptyFolder(FileSystem& files, const Layout& layout, const std::string& path) {
  const std::string unit_folder = FollowLinks(layout.Real(kUnitFolder));
  const std::string folder = FolderOf(path);
  const bool is_below = folder.compare(0, unit_folder.size() + 1, unit_folder + "/") == 0;
  const bool is_drop_ins =
      is_below && folder.size() > 2 && folder.compare(folder.size() - 2, 2, ".d") == 0;
  if (is_drop_ins || folder == FollowLinks(layout.Real(kChainFolder))) (void)files.Rmdir(folder);
}

// A link to /dev/null masks a configuration, and a rename would put a file in that device's place;
// and in the place of a link that leads nowhere.
Outcome<Nothing> CheckIsFile(const std::string& path) {
  struct stat status {};
  const bool is_there = stat(path.c_str(), &status) == 0;
  if (is_there && S_ISREG(status.st_mode)) return Nothing{};
  if (!is_there && lstat(path.c_str(), &status) != 0) return Nothing{};
  return Failure{
      ExitStatus::kRefused, "no-regular-file",
      path + " is not a regular file, or leads to something that is not one; nothing was changed"};
}

// Whether a name is as the change describes it before or after: the same link, or a file of these
// bytes.
Outcome<bool> IsAs(const std::string& path, const Change& change, bool is_after) {
  const std::string& link = is_after ? change.link_after : change.link_before;
  if (change.IsOfLink() && LinkTarget(path) != link) return false;
  if (!link.empty()) return true;
  const Outcome<Contents> now = ReadWhole(path);
  if (!now) return now.error();
  return *now == (is_after ? change.after : change.before);
}

}  // namespace

Transaction::Transaction(Layout layout, FileSystem& files, std::vector<Change> changes)
    : layout_(std::move(layout)), files_(files), changes_(std::move(changes)) {
  for (Change& change : changes_) {
    if (!change.IsOfLink()) change.path = ResolvedPath(layout_, change.path);
  }
}

Outcome<Nothing> Transaction::Apply() {
  for (const Change& change : changes_) {
    Outcome<Nothing> is_file = CheckIsFile(layout_.Real(change.path));
    if (!is_file) return is_file;
  }
  Outcome<Nothing> done = Prepare();
  for (std::size_t i = 0; done && i < changes_.size(); ++i) {
    if (!RemovesMember(changes_[i])) done = PutInPlace(changes_[i]);
  }
  if (done) return done;
  const Outcome<Nothing> restored = Restore();
  // cppcheck-suppress identicalConditionAfterEarlyExit ; another outcome: of putting back
  if (restored) return done;
  Failure failure = done.error();
  failure.text += "; and then: " + restored.error().text + "; the next run restores it";
  return failure;
}

Outcome<Nothing> Transaction::Prepare() {
  const std::string journal = JournalPath(layout_);
  const std::string text = FormatJournal(changes_);
  if (text.size() > kFileBytesMax) {  // nobody could read it back
    return Failure{ExitStatus::kFailed, "file-error",
                   "the files to be changed are too large together to be restored after a failure"};
  }
  Outcome<Nothing> done = MakeFolders(files_, FolderOf(journal));
  if (done) done = WriteWhole(files_, journal, text, {"", kJournalMode});
  for (std::size_t i = 0; done && i < changes_.size(); ++i) done = PrepareOne(changes_[i]);
  return done;
}

// If a link itself is changed, it is not followed.
std::string Transaction::PathOf(const Change& change) const {
  return change.IsOfLink() ? layout_.RealName(change.path) : FollowLinks(layout_.Real(change.path));
}

// The new contents of the name, under its temporary name.
Outcome<Nothing> Transaction::WriteBesideFor(const Change& change, const std::string& path,
                                             bool is_after) {
  const std::string& link = is_after ? change.link_after : change.link_before;
  const std::string bytes = (is_after ? change.after : change.before).value_or("");
  if (!link.empty()) return WriteLinkBeside(files_, path, link);
  if (change.IsOfLink()) return WriteInPlaceOfLinkBeside(files_, path, bytes);
  const std::string like = change.like.empty() ? "" : layout_.Real(change.like);
  return WriteBeside(files_, path, bytes, {like});
}

Outcome<Nothing> Transaction::PrepareOne(const Change& change) {
  const std::string path = PathOf(change);
  if (change.before) {
    const std::string old_name = OldName(path);
    (void)files_.Unlink(old_name);
    // Not every file system has links; then the journal alone holds the old bytes.
    (void)files_.Link(path, old_name);
  }
  if (!change.after && change.link_after.empty()) return Nothing{};
  Outcome<Nothing> made = MakeFolders(files_, FolderOf(path));
  if (!made) return made;
  return WriteBesideFor(change, path, true);
}

Outcome<Nothing> Transaction::PutInPlace(const Change& change) {
  const std::string path = PathOf(change);
  const Outcome<bool> is_as_before = IsAs(path, change, false);
  if (!is_as_before) return is_as_before.error();
  if (!*is_as_before) {
    return Failure{ExitStatus::kFailed, "changed-meanwhile",
                   path + " was changed by somebody else during the run: run this again"};
  }
  if (change.IsOfLink()) return PutBesideInPlaceOfName(files_, path);
  if (change.after) return PutBesideInPlace(files_, path);
  return RemoveFile(files_, path);
}

bool Transaction::RemovesMember(const Change& change) const {
  return !change.after && FolderOf(FollowLinks(layout_.Real(change.path))) ==
                              FollowLinks(layout_.Real(kChainFolder));
}

bool Transaction::HasMembersToRemove() const {
  return std::any_of(changes_.begin(), changes_.end(),
                     [this](const Change& change) { return RemovesMember(change); });
}

Outcome<Nothing> Transaction::RemoveMembers() {
  Outcome<Nothing> done = Nothing{};
  for (std::size_t i = 0; done && i < changes_.size(); ++i) {
    if (RemovesMember(changes_[i])) done = PutInPlace(changes_[i]);
  }
  return done;
}

Outcome<Nothing> Transaction::Restore() {
  Outcome<Nothing> done = Nothing{};
  for (std::size_t i = changes_.size(); i-- > 0;) {
    const Outcome<Nothing> restored = RestoreOne(changes_[i]);
    if (done && !restored) done = restored;
  }
  if (!done) return done;
  return RemoveFile(files_, JournalPath(layout_));
}

Outcome<Nothing> Transaction::RestoreOne(const Change& change) {
  const std::string path = PathOf(change);
  const std::string old_name = OldName(path);
  (void)files_.Unlink(TemporaryNameBeside(path));
  const Outcome<bool> is_after = IsAs(path, change, true);
  if (!is_after) return is_after.error();
  const Outcome<bool> is_before = IsAs(path, change, false);
  if (!is_before) return is_before.error();
  Outcome<Nothing> done = Nothing{};
  if (*is_after && !*is_before) {
    if (!change.before && change.link_before.empty()) {
      done = RemoveFile(files_, path);
    } else if (const Outcome<bool> kept = IsAs(old_name, change, false);
               kept && *kept && files_.Rename(old_name, path) == 0) {
      done = SyncFolder(files_, path);
    } else {
      done = MakeFolders(files_, FolderOf(path));
      if (done) done = WriteBesideFor(change, path, false);
      if (done) done = PutBesideInPlaceOfName(files_, path);
    }
  }
  // Also if the file was never made: its folder is made before it.
  if (!change.before) RemoveEmptyFolder(files_, layout_, path);
  (void)files_.Unlink(old_name);
  return done;
}

Outcome<Nothing> Transaction::Commit() {
  for (const Change& change : changes_) {
    // If it stays, it is a hidden file without effect.
    const std::string path = PathOf(change);
    if (change.before || change.IsOfLink()) (void)files_.Unlink(OldName(path));
    if (!change.after) RemoveEmptyFolder(files_, layout_, path);
  }
  return RemoveFile(files_, JournalPath(layout_));
}

bool IsInterrupted(const Layout& layout) {
  const Outcome<Contents> journal = ReadWhole(JournalPath(layout));
  return !journal || journal->has_value();
}

Outcome<bool> Recover(const Layout& layout, FileSystem& files) {
  const std::string path = JournalPath(layout);
  const Outcome<Contents> text = ReadWhole(path);
  if (!text) return text.error();
  if (!*text) return false;
  std::optional<std::vector<Change>> changes = ParseJournal(**text);
  if (!changes) {
    return Failure{ExitStatus::kFailed, "journal-damaged",
                   path + " is corrupt: inspect the files that it lists, then delete it"};
  }
  const Outcome<Nothing> restored = Transaction(layout, files, std::move(*changes)).Restore();
  if (!restored) return restored.error();
  return true;
}

}  // namespace eic::admin
