// `eic why --last`: the last failure, and whom the latest login was as.
#include <sys/stat.h>

#include <cstdint>
#include <optional>
#include <ostream>

#include "aws/system/files.h"
#include "client/commands/commands.h"
#include "client/commands/report.h"
#include "client/limits.h"
#include "client/target/resolve.h"
#include "client/terminal_text.h"

namespace eic::client {
namespace {

std::string Shown(const std::string& text) { return TerminalLine(text, kShownValueBytesMax); }

// When the record of a failure was written; 0: there is none.
std::int64_t WrittenAt(const std::string& file) {
  struct stat status {};
  return stat(file.c_str(), &status) == 0 ? status.st_mtime : 0;
}

// A refusal by the instance itself (`Permission denied`) is no failure of ours: this is what there
// is to say about it.
std::string TextOf(const LatestLogin& latest, bool is_after_failure) {
  const Remembered& known = latest.known;
  std::string text =
      "The latest login: " + Shown(latest.instance_id) + " as " + Shown(known.last_user) + ".\n";
  if (is_after_failure) {
    text +=
        "ssh took over; if the login failed, ssh said why. If the instance was rebuilt, forget its "
        "host key: eic forget " +
        Shown(latest.instance_id) + "\n";
  }
  if (known.os_user.empty() || known.os_user == known.last_user) return text;
  const std::string why =
      known.is_user_from_tag ? "Its tag eic:user says "
      : known.image_looks_like.empty()
          ? "By default it would be "
          : "It looks like " + Shown(known.image_looks_like) + ", whose default user is ";
  return text + why + Shown(known.os_user) + ".\n";
}

}  // namespace

int RunWhyCommand(Outside& outside) {
  const aws::Outcome<Folder> folder = outside.OpenFolder();
  if (!folder) return Report(outside.Errors(), folder.error());
  const aws::Outcome<std::string> last = LoadFile(folder->LastFailure(), kLastFailureBytesMax);
  if (!last && last.error().code != "NoFile") return Report(outside.Errors(), last.error());
  const std::string failure = last ? TerminalLines(*last, kLastFailureBytesMax) : "";
  const std::optional<LatestLogin> latest = RecallLatest(folder->Remembered());
  const bool has_login = latest && !latest->known.last_user.empty();
  // In the same second the failure is that login's.
  const bool is_after_failure = has_login && latest->at > WrittenAt(folder->LastFailure());
  std::ostream& output = outside.Output();
  if (is_after_failure) {
    output << TextOf(*latest, true) << (last ? "Before that, something else failed:\n" : "")
           << failure;
  } else {
    output << (last ? failure : "No failure is recorded.\n")
           << (has_login ? TextOf(*latest, false) : "");
  }
  output << std::flush;
  return outside.Output() ? 0 : kStatusFailed;
}

}  // namespace eic::client
