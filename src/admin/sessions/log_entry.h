// An entry of systemd's journal, read from one line of `journalctl --output=json`. Nothing of it is
// believed yet: sessions/evidence.h decides that. systemd.journal-fields(7).
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace eic::admin {

inline constexpr std::int64_t kSecondUs = 1'000'000;

// What the fields hold, as text; empty where there is no such field, or it has several values, or
// bytes that are no text. Of the message those are kept.
struct LogEntry {
  // Written by journald, who knows it from the kernel: no sender can choose it.
  std::string boot_id;
  // When it was sent, since 1970 and since the boot: the kernel's stamp, where there is one. When
  // journald received it says less: it reads its sockets one after the other, and whoever floods
  // one of them holds up what lies in it.
  std::int64_t realtime_us = 0;
  std::int64_t monotonic_us = 0;
  pid_t pid = 0;
  std::string uid;
  std::string exe;  // often missing: journald asks /proc after the entry has arrived

  // Written by the sender, whoever that is.
  std::string identifier;
  std::string message;
  std::string message_id;
  std::string user;   // EIC_USER
  std::string event;  // EIC_EVENT and so on: host/journal_entry.h
  std::string fingerprint;
  std::string principal;
  std::string request_id;
  std::string sshd_pid;
  std::string leader;          // LEADER of systemd-logind
  std::string logind_session;  // SESSION_ID of the same
};

// Nothing where `line` is no object of JSON with journald's fields.
std::optional<LogEntry> ParseLogEntry(std::string_view line);

// A process number as decimal digits; 0 where `text` is anything else.
pid_t ParsePid(std::string_view text);

// Microseconds, likewise.
std::int64_t ParseMicroseconds(std::string_view text);

}  // namespace eic::admin
