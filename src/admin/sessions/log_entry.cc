#include "admin/sessions/log_entry.h"

#include <charconv>
#include <nlohmann/json.hpp>

namespace eic::admin {
namespace {

using Json = nlohmann::json;

// The whole of `text` as a number that is not negative; 0 where it is none.
template <typename Number>
Number ParseNumber(std::string_view text) {
  Number number = 0;
  const char* end = text.data() + text.size();
  const auto [used_up_to, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && used_up_to == end && number > 0 ? number : 0;
}

// journalctl writes bytes that are no UTF-8, and several values of one field, as arrays, and null
// for what is too large. None of that is ever an honest sender's doing here.
std::string TextOf(const Json& entry, const char* name) {
  const auto found = entry.find(name);
  if (found == entry.end() || !found->is_string()) return "";
  return found->get<std::string>();
}

// The same of a message, whose bytes count: PAM writes the names of users as they are.
std::string BytesOf(const Json& entry, const char* name) {
  const auto found = entry.find(name);
  if (found == entry.end() || !found->is_array()) return TextOf(entry, name);
  std::string bytes;
  for (const Json& byte : *found) {
    if (!byte.is_number_unsigned() || byte.get<unsigned>() > 0xff) return "";
    bytes += static_cast<char>(byte.get<unsigned>());
  }
  return bytes;
}

// From when it was received to when it was sent. A difference of hours is a clock that was set
// between the two.
void CorrectTimes(std::int64_t sent_us, LogEntry* entry) {
  constexpr std::int64_t kOnTheWayUsMax = 3600 * kSecondUs;
  const std::int64_t on_the_way_us = entry->realtime_us - sent_us;
  if (sent_us == 0 || on_the_way_us < 0 || on_the_way_us > kOnTheWayUsMax) return;
  entry->realtime_us -= on_the_way_us;
  entry->monotonic_us -= on_the_way_us;
}

}  // namespace

pid_t ParsePid(std::string_view text) { return ParseNumber<pid_t>(text); }

std::int64_t ParseMicroseconds(std::string_view text) { return ParseNumber<std::int64_t>(text); }

std::optional<LogEntry> ParseLogEntry(std::string_view line) {
  const Json json = Json::parse(line.begin(), line.end(), nullptr, false);
  if (!json.is_object()) return std::nullopt;
  LogEntry entry;
  entry.boot_id = TextOf(json, "_BOOT_ID");
  entry.realtime_us = ParseMicroseconds(TextOf(json, "__REALTIME_TIMESTAMP"));
  entry.monotonic_us = ParseMicroseconds(TextOf(json, "__MONOTONIC_TIMESTAMP"));
  CorrectTimes(ParseMicroseconds(TextOf(json, "_SOURCE_REALTIME_TIMESTAMP")), &entry);
  entry.pid = ParsePid(TextOf(json, "_PID"));
  entry.uid = TextOf(json, "_UID");
  entry.exe = TextOf(json, "_EXE");
  entry.identifier = TextOf(json, "SYSLOG_IDENTIFIER");
  entry.message = BytesOf(json, "MESSAGE");
  entry.message_id = TextOf(json, "MESSAGE_ID");
  entry.user = TextOf(json, "EIC_USER");
  entry.event = TextOf(json, "EIC_EVENT");
  entry.fingerprint = TextOf(json, "EIC_FINGERPRINT");
  entry.principal = TextOf(json, "EIC_PRINCIPAL");
  entry.request_id = TextOf(json, "EIC_REQUEST_ID");
  entry.sshd_pid = TextOf(json, "EIC_SSHD_PID");
  entry.leader = TextOf(json, "LEADER");
  entry.logind_session = TextOf(json, "SESSION_ID");
  if (entry.boot_id.empty() || entry.realtime_us == 0 || entry.uid.empty()) return std::nullopt;
  return entry;
}

}  // namespace eic::admin
