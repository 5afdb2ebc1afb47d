#include "admin/sessions/evidence.h"

#include <utility>

#include "host/syslog_socket.h"

namespace eic::admin {
namespace {

constexpr std::string_view kRoot = "0";
// sd-messages.h: a session of systemd-logind has been terminated.
constexpr std::string_view kSessionStopId = "3354939424b4456d9802ca8333ed424a";

bool StartsWith(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
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

bool IsSshd(const LogEntry& entry) {
  // sshd-session is the same program's other half from OpenSSH 9.8 on.
  return entry.uid == kRoot && (entry.identifier == "sshd" || entry.identifier == "sshd-session");
}

// A missing _EXE is no disproof, since the process may have ended before journald asked; a wrong
// one is. The kernel marks a program that was replaced while it ran.
bool IsAgent(const LogEntry& entry, const AgentIdentity& agent) {
  constexpr std::string_view kReplaced = " (deleted)";
  if (entry.uid != agent.uid || entry.identifier != kSyslogIdent) return false;
  std::string exe = entry.exe;
  if (exe.size() > kReplaced.size() &&
      exe.compare(exe.size() - kReplaced.size(), kReplaced.size(), kReplaced) == 0) {
    exe.resize(exe.size() - kReplaced.size());
  }
  return exe.empty() || agent.programs.count(exe) != 0;
}

Moment MomentOf(const LogEntry& entry) {
  return {entry.boot_id, entry.monotonic_us, entry.realtime_us};
}

std::optional<Evidence> OfAgent(const LogEntry& entry) {
  if (entry.event.empty()) {
    std::optional<KeyAccepted> accepted = ParseAcceptedLine(entry.message);
    if (!accepted) return std::nullopt;
    accepted->at = MomentOf(entry);
    return *std::move(accepted);
  }
  if (entry.event != "accepted" || entry.fingerprint.empty()) return std::nullopt;
  return KeyAccepted{MomentOf(entry),
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

std::optional<Evidence> OfSshd(const LogEntry& entry) {
  if (TellsOfAnEnd(entry.message)) return SessionEnded{MomentOf(entry), entry.pid};
  std::optional<LoginAccepted> login = ParseLoginLine(entry.message);
  if (!login) return std::nullopt;
  login->at = MomentOf(entry);
  login->sshd = entry.pid;
  return *std::move(login);
}

}  // namespace

std::optional<Evidence> Believe(const LogEntry& entry, const AgentIdentity& agent) {
  if (entry.uid == kRoot && entry.message_id == kSessionStopId) {
    const pid_t leader = ParsePid(entry.leader);
    if (leader == 0) return std::nullopt;
    return SessionEnded{MomentOf(entry), leader};
  }
  if (IsSshd(entry) && entry.pid != 0) return OfSshd(entry);
  if (IsAgent(entry, agent)) return OfAgent(entry);
  return std::nullopt;
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

std::optional<LoginAccepted> ParseLoginLine(std::string_view line) {
  LoginAccepted login;
  if (!Take(line, "Accepted ")) return std::nullopt;
  login.method = TakeUpTo(line, " ");
  if (!Take(line, " for ")) return std::nullopt;
  login.user = TakeUpTo(line, " from ");
  if (!Take(line, " from ")) return std::nullopt;
  login.address = TakeUpTo(line, " ");
  if (!Take(line, " port ")) return std::nullopt;
  login.port = TakeUpTo(line, " ");
  if (!Take(line, " ssh2") || login.user.empty()) return std::nullopt;
  if (Take(line, ": ")) {
    login.key_type = TakeUpTo(line, " ");
    // A certificate's line goes on with its name and its CA.
    if (Take(line, " ")) login.fingerprint = TakeUpTo(line, " ");
  }
  return login;
}

std::vector<std::string> JournalMatches(const AgentIdentity& agent) {
  return {"SYSLOG_IDENTIFIER=" + std::string(kSyslogIdent),
          "_UID=" + agent.uid,
          "+",
          "SYSLOG_IDENTIFIER=sshd",
          "SYSLOG_IDENTIFIER=sshd-session",
          "_UID=0",
          "+",
          "MESSAGE_ID=" + std::string(kSessionStopId),
          "_UID=0"};
}

}  // namespace eic::admin
