#include "admin/doctor/tried/login_end.h"

#include "admin/sshd/sshd_config.h"
#include "core/printable.h"

namespace eic::admin {
namespace {

using Stage = LoginEnd::Stage;

// What sshd says of every login, and nothing of why one ended. OpenSSH 7.4 to 10.
constexpr std::string_view kOrdinary[] = {"Connection from ",
                                          "Connection closed by ",
                                          "Connection reset by ",
                                          "Disconnected from ",
                                          "Received disconnect ",
                                          "Close session: ",
                                          "Starting session: ",
                                          "Postponed ",
                                          "Accepted ",
                                          "Partial publickey ",
                                          "Failed publickey ",
                                          "User child is on pid ",
                                          "Transferred: ",
                                          "Closing connection to ",
                                          "Failed none for ",
                                          "Accepted key ",
                                          "debug"};

bool Has(std::string_view text, std::string_view words) {
  return text.find(words) != std::string_view::npos;
}

bool IsOrdinary(std::string_view line) {
  for (const std::string_view words : kOrdinary) {
    if (line.substr(0, words.size()) == words) return true;
  }
  return false;
}

std::string_view WithoutEnd(std::string_view line) {
  const std::size_t last = line.find_last_not_of(" \t\r\n");
  return line.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

// The last line that is not ordinary, or the last of all.
std::string LineThatTells(std::string_view text) {
  std::string_view last;
  std::string_view telling;
  for (const std::string_view whole : SplitLines(text)) {
    const std::string_view line = WithoutEnd(whole);
    if (line.empty()) continue;
    last = line;
    if (!IsOrdinary(line)) telling = line;
  }
  return PrintableLine(std::string(telling.empty() ? last : telling));
}

bool IsOfAccount(std::string_view log) {
  return Has(log, " not allowed because ") || Has(log, "by PAM account configuration") ||
         Has(log, "Invalid user ") || Has(log, "ROOT LOGIN REFUSED");
}

Stage StageOf(std::string_view log) {
  if (Has(log, "Starting session: forced-command")) return Stage::kForcedCommand;
  if (Has(log, "Accepted publickey for ")) return Stage::kSession;
  if (IsOfAccount(log)) return Stage::kAccount;
  if (Has(log, "Partial publickey for ")) return Stage::kSecondFactor;
  return Has(log, "Connection from ") ? Stage::kKey : Stage::kConnection;
}

// ssh ends as the session did.
std::string HowItEnded(const ChildResult& client) {
  if (client.end != ChildResult::End::kExited) return "it did not end in time";
  return "it ended with status " + std::to_string(client.status);
}

}  // namespace

bool LoginEnd::IsFailure() const {
  return stage != Stage::kShell && stage != Stage::kForcedCommand && stage != Stage::kSecondFactor;
}

LoginEnd ReadLoginEnd(std::string_view log, const ChildResult& client, std::string_view answer) {
  if (Has(client.output, answer)) return {Stage::kShell, ""};
  LoginEnd end{StageOf(log), LineThatTells(log)};
  const std::string last = LineThatTells(client.output + client.errors);
  if (Has(log, "Starting session: ")) {
    // Of a session that began, sshd says nothing more.
    end.seen = HowItEnded(client) + (last.empty() ? "" : ", its last line: " + last);
  } else if (end.seen.empty()) {
    end.seen = last;
  }
  return end;
}

std::string_view StageSlug(Stage stage) {
  switch (stage) {
    case Stage::kConnection:
      return "connection";
    case Stage::kKey:
      return "key";
    case Stage::kAccount:
      return "account";
    case Stage::kSecondFactor:
      return "second-factor";
    case Stage::kSession:
      return "session";
    case Stage::kForcedCommand:
      return "forced-command";
    case Stage::kShell:
      return "shell";
  }
  return "connection";
}

std::string_view StageText(Stage stage) {
  switch (stage) {
    case Stage::kConnection:
      return "sshd ended the connection before it looked at a key";
    case Stage::kKey:
      return "sshd did not take the key";
    case Stage::kAccount:
      return "a list of sshd, or PAM's account, did not let the user in";
    case Stage::kSecondFactor:
      return "sshd took the key, and asks for a second factor";
    case Stage::kSession:
      return "the user was in, and no shell answered";
    case Stage::kForcedCommand:
      return "the user was in, and sshd ran its forced command";
    case Stage::kShell:
      return "the shell answered";
  }
  return "";
}

}  // namespace eic::admin
