#include "admin/sessions/evidence.h"

#include <utility>

#include "host/syslog_socket.h"

namespace eic::admin {
namespace {

constexpr std::string_view kRoot = "0";
// sd-messages.h: a session of systemd-logind has been created, and terminated.
constexpr std::string_view kSessionStartId = "8d45620c1a4348dbb17410da57c60c66";
constexpr std::string_view kSessionStopId = "3354939424b4456d9802ca8333ed424a";

bool StartsWith(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

bool EndsWith(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

// Takes `start` from the front of `text`; false where it does not stand there.
bool Take(std::string_view& text, std::string_view start) {
  if (!StartsWith(text, start)) return false;
  text.remove_prefix(start.size());
  return true;
}

// Takes what stands before the next `end`, or all; `end` itself stays.
std::string_view TakeUpTo(std::string_view& text, std::string_view end) {
  const std::string_view taken = text.substr(0, text.find(end));
  text.remove_prefix(taken.size());
  return taken;
}

// Takes a value that ends with a blank, or with the comma before it.
std::string_view TakeValue(std::string_view& text) {
  std::string_view value = text.substr(0, text.find(' '));
  if (value.size() < text.size() && !value.empty() && value.back() == ',') value.remove_suffix(1);
  text.remove_prefix(value.size());
  return value;
}

// The program of an entry without what the kernel adds where it was replaced while it ran.
std::string ProgramOf(const LogEntry& entry) {
  constexpr std::string_view kReplaced = " (deleted)";
  std::string exe = entry.exe;
  if (EndsWith(exe, kReplaced)) exe.resize(exe.size() - kReplaced.size());
  return exe;
}

// Paths are compared in full: any user can run a program of that name from a folder of their own,
// and journald may keep its path when a setuid program of root's has taken its place. systemd's two
// outlive what they say, so that theirs is always known.
bool IsSystemd(const LogEntry& entry, std::string_view name) {
  const std::string exe = ProgramOf(entry);
  return entry.uid == kRoot && (exe == "/usr/lib/systemd/" + std::string(name) ||
                                exe == "/lib/systemd/" + std::string(name));
}

// sshd-session is the same program's other half from OpenSSH 9.8 on. Distributions have it in
// folders of different names, which are all root's.
bool IsSshdSession(std::string_view exe) {
  return (StartsWith(exe, "/usr/lib/") || StartsWith(exe, "/usr/lib64/") ||
          StartsWith(exe, "/usr/libexec/")) &&
         EndsWith(exe, "/sshd-session");
}

// A missing _EXE is no disproof, since a process of sshd may have ended before journald asked; a
// wrong one is. Root's daemons relay what others say under others' names: containers, remote hosts.
bool IsSshd(const LogEntry& entry, const AgentIdentity& agent) {
  const std::string exe = ProgramOf(entry);
  return entry.uid == kRoot && entry.pid != 0 &&
         (entry.identifier == "sshd" || entry.identifier == "sshd-session") &&
         (exe.empty() || agent.sshds.count(exe) != 0 || IsSshdSession(exe));
}

bool IsAgent(const LogEntry& entry, const AgentIdentity& agent) {
  const std::string exe = ProgramOf(entry);
  return entry.uid == agent.uid && entry.identifier == kSyslogIdent &&
         (exe.empty() || agent.programs.count(exe) != 0);
}

bool IsLogind(const LogEntry& entry) {
  return (entry.message_id == kSessionStartId || entry.message_id == kSessionStopId) &&
         IsSystemd(entry, "systemd-logind");
}

Moment MomentOf(const LogEntry& entry) {
  return {entry.boot_id, entry.monotonic_us, entry.realtime_us};
}

std::optional<Evidence> OfLogind(const LogEntry& entry) {
  const pid_t leader = ParsePid(entry.leader);
  if (leader == 0 || entry.logind_session.empty()) return std::nullopt;
  if (entry.message_id == kSessionStartId) {
    return SessionStarted{MomentOf(entry), leader, entry.logind_session};
  }
  return SessionEnded{MomentOf(entry), leader, entry.logind_session};
}

std::optional<Evidence> OfAgent(const LogEntry& entry) {
  if (entry.event.empty()) {
    std::optional<KeyAccepted> accepted = ParseAcceptedLine(entry.message);
    if (!accepted) return std::nullopt;
    accepted->at = MomentOf(entry);
    accepted->agent = entry.pid;
    return *std::move(accepted);
  }
  if (entry.event != "accepted" || entry.fingerprint.empty()) return std::nullopt;
  return KeyAccepted{MomentOf(entry),
                     entry.pid,
                     entry.user,
                     entry.fingerprint,
                     {entry.principal, entry.request_id},
                     ParsePid(entry.sshd_pid)};
}

// sshd logs the end itself where the session is root's; else PAM does, in the same process.
bool TellsOfAnEnd(std::string_view message) {
  return (StartsWith(message, "pam_") &&
          message.find("(sshd:session): session closed for user ") != std::string_view::npos) ||
         StartsWith(message, "Disconnected from user ");
}

// The connection ended before anybody was let in.
bool TellsOfNoLogin(std::string_view message) {
  return StartsWith(message, "Connection closed by ") ||
         StartsWith(message, "Connection reset by ") ||
         StartsWith(message, "Disconnected from authenticating user ") ||
         StartsWith(message, "Disconnecting ") || StartsWith(message, "fatal: ");
}

// The process that used up LoginGraceTime: from 9.8 on the listener tells of it. 0: none.
pid_t OverdueProcess(std::string_view message) {
  constexpr std::string_view kNumber = ", pid = ";
  const std::size_t at = message.rfind(kNumber);
  if (!StartsWith(message, "Timeout before authentication for ") || at == message.npos) return 0;
  return ParsePid(message.substr(at + kNumber.size()));
}

std::optional<Evidence> OfSshd(const LogEntry& entry) {
  const Moment at = MomentOf(entry);
  if (TellsOfAnEnd(entry.message)) return SessionEnded{at, entry.pid};
  std::optional<LoginAccepted> login = ParseLoginLine(entry.message);
  if (login) {
    login->at = at;
    login->sshd = entry.pid;
    login->is_by_sshd = !entry.exe.empty();
    return *std::move(login);
  }
  login = ParseLoginLine(entry.message, "Partial");
  if (login) return KeyWasOneFactor{at, entry.pid, login->fingerprint};
  // The number is the line's word, and the listener outlives the line: it must be known as sshd.
  const pid_t overdue = entry.exe.empty() ? 0 : OverdueProcess(entry.message);
  if (overdue != 0) return SshdSpoke{at, overdue, true};
  return SshdSpoke{at, entry.pid, TellsOfNoLogin(entry.message)};
}

// What stands behind the name: ` from ADDRESS port PORT ssh2` and, of a key, `: TYPE FINGERPRINT`
// and the end. Of a certificate the name and the CA follow, of other methods what they like.
bool TakeOrigin(std::string_view text, LoginAccepted* login) {
  if (!Take(text, " from ")) return false;
  login->address = TakeUpTo(text, " ");
  if (!Take(text, " port ")) return false;
  login->port = TakeUpTo(text, " ");
  if (ParsePid(login->port) == 0 || !Take(text, " ssh2")) return false;
  login->key_type.clear();
  login->fingerprint.clear();
  if (text.empty()) return login->method != "publickey";
  if (!Take(text, ": ")) return false;
  if (login->method != "publickey") return true;
  login->key_type = TakeUpTo(text, " ");
  if (!Take(text, " ")) return false;
  const bool is_certificate = login->key_type.find("-CERT") != std::string::npos;
  // Up to 7.x sshd names a certificate and its CA, and not the key.
  if (is_certificate && StartsWith(text, "ID ")) return true;
  login->fingerprint = TakeUpTo(text, " ");
  return !login->fingerprint.empty() && (text.empty() || is_certificate);
}

}  // namespace

const Moment& MomentOf(const Evidence& evidence) {
  return std::visit([](const auto& one) -> const Moment& { return one.at; }, evidence);
}

pid_t SshdOf(const Evidence& evidence) {
  return std::visit([](const auto& one) { return one.sshd; }, evidence);
}

std::optional<Evidence> Believe(const LogEntry& entry, const AgentIdentity& agent) {
  if (IsLogind(entry)) return OfLogind(entry);
  if (IsSshd(entry, agent)) return OfSshd(entry);
  if (IsAgent(entry, agent)) return OfAgent(entry);
  return std::nullopt;
}

Dropped WhatWasDropped(const LogEntry& entry) {
  constexpr std::string_view kFrom = " messages from ";
  const std::size_t at = entry.message.find(kFrom);
  if (entry.message_id != kDroppedId || at == std::string::npos ||
      !IsSystemd(entry, "systemd-journald")) {
    return Dropped::kNone;
  }
  // A unit; up to systemd 235 the first two parts of a control group's path.
  std::string_view unit = std::string_view(entry.message).substr(at + kFrom.size());
  unit.remove_prefix(unit.rfind('/') + 1);
  if (StartsWith(unit, "ssh")) return Dropped::kLogins;
  const bool is_users = (StartsWith(unit, "session-") && EndsWith(unit, ".scope")) ||
                        (StartsWith(unit, "user-") && EndsWith(unit, ".slice"));
  return is_users ? Dropped::kEnds : Dropped::kNone;
}

std::optional<KeyAccepted> ParseAcceptedLine(std::string_view line) {
  KeyAccepted accepted;
  if (!Take(line, "Providing ssh key from EC2 Instance Connect with fingerprint: ")) {
    return std::nullopt;
  }
  // A value ends at the comma or blank before the next part. None holds a blank but, if the service
  // ever signs one, the principal: the rest is then no part, and the line is not believed.
  accepted.fingerprint = TakeValue(line);
  if (Take(line, ", request-id: ")) accepted.caller.request_id = TakeValue(line);
  if (Take(line, ", for IAM principal: ")) accepted.caller.principal = TakeUpTo(line, " ");
  if (Take(line, " sshd=")) {
    accepted.sshd = ParsePid(line);
    if (accepted.sshd == 0) return std::nullopt;
    line = {};
  }
  if (!line.empty() || accepted.fingerprint.empty()) return std::nullopt;
  return accepted;
}

std::optional<LoginAccepted> ParseLoginLine(std::string_view line, std::string_view verb) {
  LoginAccepted login;
  if (!Take(line, verb) || !Take(line, " ")) return std::nullopt;
  login.method = TakeUpTo(line, " ");
  if (!Take(line, " for ")) return std::nullopt;
  // A name may hold what looks like the rest of the line, and so may a certificate's.
  std::optional<LoginAccepted> reading;
  for (std::size_t at = line.find(" from "); at != std::string_view::npos;
       at = line.find(" from ", at + 1)) {
    LoginAccepted one = login;
    one.user = line.substr(0, at);
    if (one.user.empty() || !TakeOrigin(line.substr(at), &one)) continue;
    if (reading) return login;
    reading = one;
  }
  return reading;
}

std::vector<std::string> JournalMatches(const AgentIdentity& agent) {
  return {"SYSLOG_IDENTIFIER=" + std::string(kSyslogIdent),
          "_UID=" + agent.uid,
          "+",
          "SYSLOG_IDENTIFIER=sshd",
          "SYSLOG_IDENTIFIER=sshd-session",
          "_UID=0",
          "+",
          "MESSAGE_ID=" + std::string(kSessionStartId),
          "MESSAGE_ID=" + std::string(kSessionStopId),
          "MESSAGE_ID=" + std::string(kDroppedId),
          "_UID=0"};
}

}  // namespace eic::admin
