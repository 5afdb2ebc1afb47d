// An audit event in the native form of systemd's journal: the same text as the syslog line, and
// each of its parts as a field of its own. systemd.journal-fields(7),
// https://systemd.io/JOURNAL_NATIVE_PROTOCOL/; doc/design.md step 10.
#pragma once

#include <cstddef>
#include <string>

#include "host/log_lines.h"

namespace eic {

// Where journald takes entries in this form.
inline constexpr const char* kJournalSocket = "/run/systemd/journal/socket";

// What systemd/ec2-instance-connect.catalog explains: `journalctl -x`.
inline constexpr const char* kAcceptedMessageId = "f747bcd62591423883fab948b922518c";
inline constexpr const char* kRefusedMessageId = "ba3eca440d2d441cab4772ae8db3f56b";

// A datagram is not larger; a larger text of a fault is cut.
inline constexpr std::size_t kJournalEntryBytesMax = 8 * 1024;

// Where journald takes syslog lines: systemd makes /dev/log a link to it. A syslog daemon that
// listens itself replaces the link.
inline constexpr const char* kJournalSyslogSocket = "/run/systemd/journal/dev-log";

// Whether `syslog_path` is a link to `target`.
bool IsLinkTo(const std::string& syslog_path, const std::string& target);

// Each is one datagram. Fields: MESSAGE, PRIORITY, SYSLOG_FACILITY, SYSLOG_IDENTIFIER and
// SYSLOG_PID as the syslog line has them, EIC_EVENT (accepted, refused, fault), and of the rest
// those that are known: MESSAGE_ID, EIC_REASON, EIC_USER, EIC_FINGERPRINT, EIC_PRINCIPAL,
// EIC_REQUEST_ID, EIC_INSTANCE, EIC_SSHD_PID. Values are escaped and cut as in the text. `severity`
// is one of syslog.h.
std::string AcceptedEntry(const Acceptance& acceptance);
std::string RefusedEntry(const Refusal& refusal, int severity);
std::string FaultEntry(const std::string& text);

}  // namespace eic
