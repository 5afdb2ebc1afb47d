#include "host/log_lines.h"

#include <string_view>

#include "core/limits.h"
#include "core/printable.h"

namespace eic {
namespace {

void AppendPart(std::string& line, std::string_view before, std::string_view value,
                std::string_view after) {
  if (value.empty()) return;
  line += before;
  line += Printable(value, kLoggedValueBytesMax);
  line += after;
}

// A value that nothing encloses, without blanks: none may end with what looks like the next part.
void AppendWord(std::string& line, std::string_view before, std::string_view value) {
  if (value.empty()) return;
  line += before;
  for (const char byte : Printable(value, kLoggedValueBytesMax)) {
    if (byte == ' ') {
      line += "\\x20";
    } else {
      line += byte;
    }
  }
}

}  // namespace

std::string AcceptedLine(const Acceptance& acceptance) {
  const RecordLabel& record = acceptance.record;
  std::string line = "Providing ssh key from EC2 Instance Connect with fingerprint: ";
  line += Printable(record.fingerprint, kLoggedValueBytesMax);
  AppendWord(line, ", request-id: ", record.request_id);
  AppendWord(line, ", for IAM principal: ", record.caller);
  if (acceptance.sshd != 0) line += " sshd=" + std::to_string(acceptance.sshd);
  return line;
}

std::string RefusedLine(const Refusal& refusal) {
  std::string line = "Refused ssh key from EC2 Instance Connect: reason=";
  line += Slug(refusal.reason);
  AppendPart(line, " user=\"", refusal.user, "\"");
  AppendPart(line, " fingerprint=", refusal.record.fingerprint, "");
  AppendPart(line, " request-id=\"", refusal.record.request_id, "\"");
  AppendPart(line, " principal=\"", refusal.record.caller, "\"");
  AppendPart(line, " detail=\"", refusal.detail, "\"");
  return line;
}

}  // namespace eic
