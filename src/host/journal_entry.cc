#include "host/journal_entry.h"

#include <syslog.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <string_view>

#include "core/limits.h"
#include "core/printable.h"
#include "host/syslog_socket.h"

namespace eic {
namespace {

// Room for all fields of a fault but its text.
constexpr std::size_t kFaultTextBytesMax = kJournalEntryBytesMax - 512;

// One line of a datagram: only a value without line ends has this form, and every value here is
// escaped. A field that is not known is left out.
void Append(std::string& entry, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  entry += name;
  entry += '=';
  entry += value;
  entry += '\n';
}

void AppendEscaped(std::string& entry, std::string_view name, std::string_view value) {
  Append(entry, name, Printable(value, kLoggedValueBytesMax));
}

std::string Begin(int severity, std::string_view event, std::string_view text) {
  // Also where it is empty: journalctl shows no entry without it.
  std::string entry = "MESSAGE=" + std::string(text) + '\n';
  Append(entry, "PRIORITY", std::to_string(severity));
  Append(entry, "SYSLOG_FACILITY", std::to_string(LOG_FAC(LOG_AUTHPRIV)));
  Append(entry, "SYSLOG_IDENTIFIER", kSyslogIdent);
  Append(entry, "SYSLOG_PID", std::to_string(getpid()));
  Append(entry, "EIC_EVENT", event);
  return entry;
}

void AppendRecord(std::string& entry, const RecordLabel& record, std::string_view user,
                  std::string_view instance_id) {
  AppendEscaped(entry, "EIC_USER", user);
  AppendEscaped(entry, "EIC_FINGERPRINT", record.fingerprint);
  AppendEscaped(entry, "EIC_PRINCIPAL", record.caller);
  AppendEscaped(entry, "EIC_REQUEST_ID", record.request_id);
  AppendEscaped(entry, "EIC_INSTANCE", instance_id);
}

}  // namespace

bool IsLinkTo(const std::string& syslog_path, const std::string& target) {
  std::array<char, PATH_MAX> text{};
  const ssize_t length = readlink(syslog_path.c_str(), text.data(), text.size());
  return length > 0 && std::string_view(text.data(), static_cast<std::size_t>(length)) == target;
}

std::string AcceptedEntry(const Acceptance& acceptance) {
  std::string entry = Begin(LOG_INFO, "accepted", AcceptedLine(acceptance));
  Append(entry, "MESSAGE_ID", kAcceptedMessageId);
  AppendRecord(entry, acceptance.record, acceptance.user, acceptance.instance_id);
  if (acceptance.sshd != 0) Append(entry, "EIC_SSHD_PID", std::to_string(acceptance.sshd));
  return entry;
}

std::string RefusedEntry(const Refusal& refusal, int severity) {
  std::string entry = Begin(severity, "refused", RefusedLine(refusal));
  Append(entry, "MESSAGE_ID", kRefusedMessageId);
  Append(entry, "EIC_REASON", Slug(refusal.reason));
  AppendRecord(entry, refusal.record, refusal.user, refusal.instance_id);
  return entry;
}

std::string FaultEntry(const std::string& text) {
  return Begin(LOG_ERR, "fault", PrintableLine(text).substr(0, kFaultTextBytesMax));
}

}  // namespace eic
