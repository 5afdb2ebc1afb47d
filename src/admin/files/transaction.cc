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

// It holds the bytes of files that not everybody may read.
constexpr mode_t kJournalMode = 0600;

std::string FolderOf(const std::string& path) { return path.substr(0, path.rfind('/')); }

// The second name of a file's old contents.
std::string OldName(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return path.substr(0, slash + 1) + "." + path.substr(slash + 1) + ".eic-old";
}

// Where a link leads it leads no longer once its target is away: the target is what is changed, by
// its own name, in this run and in the one that recovers it.
std::string ResolvedPath(const Layout& layout, const std::string& path) {
  const std::string real = layout.Real(path);
  struct stat status {};
  if (stat(real.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return path;
  if (layout.root.empty()) return FollowLinks(real);
  const bool is_below = real.compare(0, layout.root.size(), layout.root) == 0;
  return is_below ? real.substr(layout.root.size()) : path;
}

// A folder of drop-ins of units, or of members, that has become empty says nothing, and may be of
// our making.
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
  return Failure{ExitStatus::kRefused, "no-regular-file",
                 path + " leads to what is no regular file; nothing was changed"};
}

}  // namespace

Transaction::Transaction(Layout layout, FileSystem& files, std::vector<Change> changes)
    : layout_(std::move(layout)), files_(files), changes_(std::move(changes)) {
  for (Change& change : changes_) change.path = ResolvedPath(layout_, change.path);
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
  failure.text += "; and then: " + restored.error().text + "; the next run puts it back";
  return failure;
}

Outcome<Nothing> Transaction::Prepare() {
  const std::string journal = JournalPath(layout_);
  const std::string text = FormatJournal(changes_);
  if (text.size() > kFileBytesMax) {  // nobody could read it back
    return Failure{ExitStatus::kFailed, "file-error",
                   "the files to be changed are too large together to be put back after a failure"};
  }
  Outcome<Nothing> done = MakeFolders(files_, FolderOf(journal));
  if (done) done = WriteWhole(files_, journal, text, {"", kJournalMode});
  for (std::size_t i = 0; done && i < changes_.size(); ++i) done = PrepareOne(changes_[i]);
  return done;
}

Outcome<Nothing> Transaction::PrepareOne(const Change& change) {
  const std::string path = FollowLinks(layout_.Real(change.path));
  if (change.before) {
    const std::string old_name = OldName(path);
    (void)files_.Unlink(old_name);
    // Not every file system has links; then the journal alone holds the old bytes.
    (void)files_.Link(path, old_name);
  }
  if (!change.after) return Nothing{};
  Outcome<Nothing> made = MakeFolders(files_, FolderOf(path));
  if (!made) return made;
  const std::string like = change.like.empty() ? "" : layout_.Real(change.like);
  return WriteBeside(files_, path, *change.after, {like});
}

Outcome<Nothing> Transaction::PutInPlace(const Change& change) {
  const std::string path = FollowLinks(layout_.Real(change.path));
  const Outcome<Contents> now = ReadWhole(path);
  if (!now) return now.error();
  if (*now != change.before) {
    return Failure{ExitStatus::kFailed, "changed-meanwhile",
                   path + " was changed by somebody else meanwhile: run this again"};
  }
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
  const std::string path = FollowLinks(layout_.Real(change.path));
  const std::string old_name = OldName(path);
  (void)files_.Unlink(TemporaryName(path));
  const Outcome<Contents> now = ReadWhole(path);
  if (!now) return now.error();
  Outcome<Nothing> done = Nothing{};
  if (*now == change.after && *now != change.before) {
    if (!change.before) {
      done = RemoveFile(files_, path);
    } else if (const Outcome<Contents> kept = ReadWhole(old_name);
               kept && *kept == change.before && files_.Rename(old_name, path) == 0) {
      done = SyncFolder(files_, path);
    } else {
      done = MakeFolders(files_, FolderOf(path));
      if (done) done = WriteWhole(files_, path, *change.before);
    }
  }
  // Also where the file never came to be: its folder is made before it.
  if (!change.before) RemoveEmptyFolder(files_, layout_, path);
  (void)files_.Unlink(old_name);
  return done;
}

Outcome<Nothing> Transaction::Commit() {
  for (const Change& change : changes_) {
    // One that stays is a hidden file without effect.
    const std::string path = FollowLinks(layout_.Real(change.path));
    if (change.before) (void)files_.Unlink(OldName(path));
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
                   path + " is damaged: look what it names, and remove it"};
  }
  const Outcome<Nothing> restored = Transaction(layout, files, std::move(*changes)).Restore();
  if (!restored) return restored.error();
  return true;
}

}  // namespace eic::admin
