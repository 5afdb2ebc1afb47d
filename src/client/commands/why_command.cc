// `eic why --last`: the last failure, and whom the latest login was as.
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

// A refusal by the instance itself (`Permission denied`) is no failure of ours: this is what there
// is to say about it.
std::string LatestLogin(const std::string& remembered_file) {
  const auto latest = RecallLatest(remembered_file);
  if (!latest || latest->second.last_user.empty()) return "";
  const auto& [id, known] = *latest;
  std::string text = "The latest login: " + Shown(id) + " as " + Shown(known.last_user) + ".\n";
  if (known.os_user.empty() || known.os_user == known.last_user) return text;
  const std::string why =
      known.is_user_from_tag ? "Its tag eic:user says "
      : known.image_looks_like.empty()
          ? "Without another word it would be "
          : "It looks like " + Shown(known.image_looks_like) + ", whose user is ";
  return text + why + Shown(known.os_user) + ".\n";
}

}  // namespace

int RunWhyCommand(Outside& outside) {
  const aws::Outcome<Folder> folder = outside.OpenFolder();
  if (!folder) return Report(outside.Errors(), folder.error());
  const aws::Outcome<std::string> last = LoadFile(folder->LastFailure(), kLastFailureBytesMax);
  if (!last && last.error().code != "NoFile") return Report(outside.Errors(), last.error());
  outside.Output() << (last ? TerminalLines(*last, kLastFailureBytesMax)
                            : std::string("No failure is recorded.\n"))
                   << LatestLogin(folder->Remembered()) << std::flush;
  return outside.Output() ? 0 : kStatusFailed;
}

}  // namespace eic::client
