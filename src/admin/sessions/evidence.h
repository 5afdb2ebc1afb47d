// What of the journal is believed, and what it says about logins. Whoever may write to the log can
// write any text under any name; who wrote it, journald has from the kernel. So our agent's lines
// count where the command's user wrote them, and those of sshd and systemd-logind where root did.
// Root alone is no proof: a setuid program of root's writes to the descriptors, and with the words,
// of whoever starts it. So the program has to be the right one, too.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "admin/sessions/log_entry.h"

namespace eic::admin {

// Who writes our agent's lines on this host, and sshd's.
struct AgentIdentity {
  std::string uid;                 // of AuthorizedKeysCommandUser, in decimal
  std::set<std::string> programs;  // paths of the agent, without symbolic links
  std::string doubt{};             // why that may be wrong, for people; empty: no reason
  std::set<std::string> sshds{"/usr/sbin/sshd"};  // paths of sshd, without symbolic links
};

// When and where a line was written. The clock of a boot is never set.
struct Moment {
  std::string boot_id;
  std::int64_t monotonic_us = 0;
  std::int64_t realtime_us = 0;
};

// Who pushed a key, as the record says that our agent verified.
struct Caller {
  std::string principal;
  std::string request_id;

  bool operator==(const Caller& other) const {
    return principal == other.principal && request_id == other.request_id;
  }
};

// Our agent handed a key to sshd.
struct KeyAccepted {
  Moment at;
  pid_t agent = 0;   // the run of the agent; sshd has one for each offer and one for the signature
  std::string user;  // escaped; empty: the line does not say
  std::string fingerprint;
  Caller caller;
  pid_t sshd = 0;  // 0: the line does not say
};

// sshd let somebody in. Where the line can be read in two ways, because of a name with sshd's own
// words in it, user, address, port and key are empty. Where journald could not say which of root's
// programs wrote the line, any user of the host may have had a setuid program write it.
struct LoginAccepted {
  Moment at;
  pid_t sshd = 0;
  std::string method;  // publickey, password, ...
  std::string user;
  std::string address;
  std::string port;
  std::string key_type;     // as sshd writes it; empty with another method
  std::string fingerprint;  // the same
  bool is_by_sshd = true;   // journald knew the program that wrote the line
};

// systemd-logind has made a session for a process of sshd, right after the login.
struct SessionStarted {
  Moment at;
  pid_t sshd = 0;
  std::string logind_id;
};

// The session of a process of sshd has ended: by sshd itself, or by systemd-logind. What a user
// leaves running keeps a session of logind's for as long as the user likes: by its end the number
// of the process may be another's.
struct SessionEnded {
  Moment at;
  pid_t sshd = 0;
  std::string logind_id{};  // empty: sshd says so
};

// sshd took a key as the first of several factors: `Partial publickey ...`, at LogLevel VERBOSE.
struct KeyWasOneFactor {
  Moment at;
  pid_t sshd = 0;
  std::string fingerprint;
};

// sshd logged something else; `is_end`: that nobody logged in by this process any more.
struct SshdSpoke {
  Moment at;
  pid_t sshd = 0;
  bool is_end = false;
};

using Evidence = std::variant<KeyAccepted, LoginAccepted, SessionStarted, SessionEnded,
                              KeyWasOneFactor, SshdSpoke>;

// Of any kind: when it was said, and the process of sshd that it is about.
const Moment& MomentOf(const Evidence& evidence);
pid_t SshdOf(const Evidence& evidence);

// Nothing where the entry is not believed, or tells of something else.
std::optional<Evidence> Believe(const LogEntry& entry, const AgentIdentity& agent);

// Of whom journald says that it dropped lines, since more came in than RateLimitBurst of
// journald.conf(5) allows.
enum class Dropped {
  kNone,
  kLogins,  // of sshd's unit, in which the agent runs, too
  kEnds,    // of a session or a user, with whom the process of sshd is counted after the login
};
Dropped WhatWasDropped(const LogEntry& entry);

// The MESSAGE_ID of those lines of journald's: sd-messages.h.
inline constexpr std::string_view kDroppedId = "a596d6fe7bfa4994828e72309e95d61e";

// The parts of our plain line (host/log_lines.h), where it is one in full; `at` is left alone.
std::optional<KeyAccepted> ParseAcceptedLine(std::string_view line);

// The parts of sshd's `VERB METHOD for USER from ADDRESS port PORT ssh2[: TYPE FINGERPRINT]`, where
// `verb` is `Accepted` or `Partial`.
std::optional<LoginAccepted> ParseLoginLine(std::string_view line,
                                            std::string_view verb = "Accepted");

// What journalctl is to select, so that hardly anything else is read: groups of FIELD=VALUE, joined
// by `+`. Believe() looks again.
std::vector<std::string> JournalMatches(const AgentIdentity& agent);

}  // namespace eic::admin
