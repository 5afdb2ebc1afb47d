#include "admin/sessions/render.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <nlohmann/json.hpp>

#include "core/limits.h"
#include "core/printable.h"

namespace eic::admin {
namespace {

using Json = nlohmann::ordered_json;
using Row = std::array<std::string, 5>;

// The names of others, safe for a terminal and without the blanks that part the columns.
std::string Word(const std::string& text) {
  if (text.empty()) return "-";
  // Not as for between quotes: our agent and sshd have escaped what they wrote already.
  std::string word = PrintableLine(text);
  if (word.size() > kLoggedValueBytesMax)
    word.replace(kLoggedValueBytesMax, std::string::npos, "...");
  std::replace(word.begin(), word.end(), ' ', '_');
  return word;
}

const char* IdentityWord(Identity identity) {
  switch (identity) {
    case Identity::kPushedKey:
      return "pushed-key";
    case Identity::kSeveral:
      return "several-callers";
    case Identity::kUncertain:
      return "uncertain";
    case Identity::kOtherKey:
      return "other-key";
    case Identity::kOtherWay:
      return "other-way";
    case Identity::kNotLogged:
      return "not-logged";
  }
  return "";
}

const char* StateWord(State state) {
  switch (state) {
    case State::kOpen:
      return "open";
    case State::kEnded:
      return "ended";
    case State::kUnknown:
      return "unknown";
  }
  return "";
}

std::string Callers(const std::vector<Caller>& callers) {
  std::string text;
  for (const Caller& caller : callers) {
    if (!text.empty()) text += " or ";
    text += Word(caller.principal) + " (request " + Word(caller.request_id) + ")";
  }
  return text;
}

std::string Who(const Session& session) {
  switch (session.identity) {
    case Identity::kPushedKey:
      return Callers(session.callers);
    case Identity::kSeveral:
      return "one of " + Callers(session.callers);
    case Identity::kUncertain:
      return "uncertain: " + (session.callers.empty() ? "no proof that sshd logged this login"
                                                      : Callers(session.callers));
    case Identity::kOtherKey:
      return "other key " + Word(session.login.fingerprint);
    case Identity::kOtherWay:
      return "no key: " + Word(session.login.method);
    case Identity::kNotLogged:
      return "unknown: the log has no line of this login";
  }
  return "";
}

std::string Until(const Session& session) {
  if (session.until_us) return Time(*session.until_us);
  return session.state == State::kEnded ? "ended,_unknown_when" : StateWord(session.state);
}

Json OrNull(const std::string& value) { return value.empty() ? Json(nullptr) : Json(value); }

Json JsonOf(const Session& session) {
  const LoginAccepted& login = session.login;
  Json json = {{"user", OrNull(login.user)},
               {"address", OrNull(login.address)},
               {"port", OrNull(login.port)},
               {"since", Time(login.at.realtime_us)},
               {"state", StateWord(session.state)},
               {"until", session.until_us ? Json(Time(*session.until_us)) : Json(nullptr)},
               {"identity", IdentityWord(session.identity)},
               {"principal", nullptr},
               {"request_id", nullptr},
               {"callers", Json::array()},
               {"method", OrNull(login.method)},
               {"fingerprint", OrNull(login.fingerprint)},
               {"sshd_pid", login.sshd == 0 ? Json(nullptr) : Json(login.sshd)},
               {"boot_id", OrNull(login.at.boot_id)},
               {"logind_session", OrNull(session.logind_id)}};
  for (const Caller& caller : session.callers) {
    json["callers"].push_back(
        {{"principal", OrNull(caller.principal)}, {"request_id", OrNull(caller.request_id)}});
  }
  // Only what is certain has a name of its own: a program that looks no further is not misled.
  if (session.identity == Identity::kPushedKey) {
    json["principal"] = OrNull(session.callers.front().principal);
    json["request_id"] = OrNull(session.callers.front().request_id);
  }
  return json;
}

std::string Table(const std::vector<Row>& rows) {
  std::array<std::size_t, 4> widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < widths.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < widths.size(); ++i) {
      text += row[i] + std::string(widths[i] + 2 - row[i].size(), ' ');
    }
    text += row.back() + '\n';
  }
  return text;
}

}  // namespace

std::string Time(std::int64_t realtime_us) {
  const auto seconds = static_cast<std::time_t>(realtime_us / kSecondUs);
  std::tm utc{};
  std::array<char, 32> text{};
  if (gmtime_r(&seconds, &utc) == nullptr) return "?";
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc)};
}

std::string RenderSessions(const std::vector<Session>& sessions, const Records& records) {
  std::vector<Row> rows = {{"USER", "ADDRESS", "SINCE", "UNTIL", "WHO"}};
  bool has_uncertain = false;
  for (const Session& session : sessions) {
    rows.push_back({Word(session.login.user), Word(session.login.address),
                    Time(session.login.at.realtime_us), Until(session), Who(session)});
    has_uncertain = has_uncertain || session.identity == Identity::kUncertain;
  }
  std::string text = Table(rows);
  if (has_uncertain) {
    text +=
        "uncertain: only the key connects the login with the caller, because the agent's log line "
        "does not name the sshd process; or the client offered the key, but another method let the "
        "user in; or the journal does not say which program logged the login, and then any user of "
        "this host may have made it up\n";
  }
  if (records.journal_begins_us != 0) {
    text += "the journal begins at " + Time(records.journal_begins_us) + "\n";
  }
  if (!records.live) {
    text += "systemd-logind does not answer, so a session without an end may be open or not\n";
  }
  return text;
}

std::string RenderSessionsJson(const std::vector<Session>& sessions, const Records& records) {
  const std::int64_t begins_us = records.journal_begins_us;
  const Json head = {{"version", EIC_VERSION},
                     {"logind", records.live.has_value()},
                     {"journal_begins", begins_us == 0 ? Json(nullptr) : Json(Time(begins_us))},
                     {"notes", records.notes}};
  // Names are bytes: what is not UTF-8 is replaced rather than refused. Session by session, since
  // the whole as one value would take many times its length.
  const auto dump = [](const Json& json) {
    return json.dump(-1, ' ', true, Json::error_handler_t::replace);
  };
  std::string text = dump(head);
  text.back() = ',';
  text += "\"sessions\":[";
  const char* before = "\n";
  for (const Session& session : sessions) {
    text += before + dump(JsonOf(session));
    before = ",\n";
  }
  return text + "\n]}\n";
}

}  // namespace eic::admin
