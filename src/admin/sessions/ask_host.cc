#include "admin/sessions/ask_host.h"

#include <unistd.h>

#include <algorithm>
#include <climits>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "admin/agent_command.h"
#include "admin/sessions/limits.h"
#include "core/printable.h"

namespace eic::admin {
namespace {

constexpr std::int64_t kSecondUs = 1'000'000;

// `/usr/bin/NAME`, or where distributions had it before /usr was merged.
std::string ProgramAt(const std::string& name) {
  const std::string path = "/usr/bin/" + name;
  return access(path.c_str(), X_OK) == 0 ? path : "/bin/" + name;
}

Failure JournalFailure(const std::string& why) {
  return {ExitStatus::kFailed, "journal-unreadable",
          "the journal cannot be read: " + PrintableLine(why)};
}

// Without its path's links, as journald has a program in _EXE.
void AddProgram(const std::string& path, std::set<std::string>* programs) {
  std::error_code error;
  const std::filesystem::path real = std::filesystem::canonical(path, error);
  programs->insert(error ? path : real.string());
}

// Of /proc, with the hyphens that journald leaves out.
std::string BootId() {
  std::string id;
  std::ifstream("/proc/sys/kernel/random/boot_id") >> id;
  id.erase(std::remove(id.begin(), id.end(), '-'), id.end());
  return id;
}

// What a line that can matter holds; the rest, most of it about strangers, is not even parsed.
bool CanMatter(std::string_view line) {
  for (const std::string_view word :
       {"ec2-instance-connect", "Accepted ", "\"MESSAGE\":[", "\"MESSAGE\" : [", "session closed",
        "Disconnected from user", "LEADER"}) {
    if (line.find(word) != std::string_view::npos) return true;
  }
  return false;
}

class Asker {
 public:
  Asker(const AgentIdentity& agent, const LineRunner& run) : agent_(agent), run_(run) {}

  // Who may not read all of the journal is shown the rest, and told so by a hint, which does not
  // come with the output in JSON.
  Outcome<Nothing> CheckMayReadAll() const {
    const CommandResult result = run_({ProgramAt("journalctl"), "--no-pager", "--lines=1"},
                                      [](std::string_view) { return true; });
    if (result.errors.find("not seeing messages") != std::string::npos ||
        result.errors.find("insufficient permissions") != std::string::npos) {
      return JournalFailure(
          "this user may not read all of it; be root, or of the group systemd-journal or adm");
    }
    return Nothing{};
  }

  Outcome<Nothing> ReadJournal(const std::vector<std::string>& range) {
    std::vector<std::string> argv = {ProgramAt("journalctl"), "--no-pager", "--output=json"};
    argv.insert(argv.end(), range.begin(), range.end());
    const std::vector<std::string> matches = JournalMatches(agent_);
    argv.insert(argv.end(), matches.begin(), matches.end());
    const CommandResult result = run_(argv, [this](std::string_view line) { return Take(line); });
    if (evidence_.size() >= kEvidenceMax) {
      return Failure{ExitStatus::kFailed, "journal-too-large",
                     "the journal has more than " + std::to_string(kEvidenceMax) +
                         " lines about logins: choose a later --since"};
    }
    if (result.end == CommandResult::End::kTimedOut) {
      return JournalFailure("journalctl took longer than " +
                            std::to_string(kJournalTimeMax.count()) + " s: choose a later --since");
    }
    if (!result.Succeeded()) {
      return JournalFailure(result.errors.empty() ? "journalctl did not run" : result.errors);
    }
    return Nothing{};
  }

  // Nothing where logind does not answer.
  std::optional<std::vector<LiveSession>> ListLive() const {
    std::vector<std::string> argv = {ProgramAt("loginctl"),
                                     "show-session",
                                     "--property=Id",
                                     "--property=Leader",
                                     "--property=Name",
                                     "--property=RemoteHost",
                                     "--property=Service",
                                     "--property=Timestamp",
                                     "--property=TimestampMonotonic",
                                     "--"};
    const std::size_t options = argv.size();
    const CommandResult listed =
        run_({argv[0], "list-sessions", "--no-legend", "--no-pager"}, [&](std::string_view line) {
          std::istringstream words{std::string(line)};
          std::string id;
          if (words >> id) argv.push_back(id);
          return argv.size() < options + kLiveSessionsMax;
        });
    if (!listed.Succeeded()) return std::nullopt;
    std::vector<LiveSession> live;
    if (argv.size() == options) return live;
    std::map<std::string, std::string> properties;
    const auto finish = [&] {
      if (properties["Service"] == "sshd") live.push_back(LiveOf(properties));
      properties.clear();
    };
    // A session that ended since makes it fail; what it says of the others stands.
    (void)run_(argv, [&](std::string_view line) {
      const std::size_t at = line.find('=');
      if (at == std::string_view::npos) return true;
      const std::string name(line.substr(0, at));
      if (properties.count(name) != 0) finish();
      properties[name] = line.substr(at + 1);
      return true;
    });
    finish();
    return live;
  }

  bool Knows(const LiveSession& live) const {
    return std::any_of(evidence_.begin(), evidence_.end(), [&live](const Evidence& one) {
      const auto* login = std::get_if<LoginAccepted>(&one);
      return login != nullptr && login->sshd == live.leader &&
             std::abs(login->at.monotonic_us - live.monotonic_us) < 60 * kSecondUs;
    });
  }

  std::vector<Evidence> TakeEvidence() { return std::move(evidence_); }

 private:
  bool Take(std::string_view line) {
    if (!CanMatter(line)) return true;
    const std::optional<LogEntry> entry = ParseLogEntry(line);
    std::optional<Evidence> evidence = entry ? Believe(*entry, agent_) : std::nullopt;
    if (evidence) evidence_.push_back(*std::move(evidence));
    return evidence_.size() < kEvidenceMax;
  }

  static LiveSession LiveOf(std::map<std::string, std::string>& properties) {
    LiveSession live;
    live.id = properties["Id"];
    live.leader = ParsePid(properties["Leader"]);
    live.user = properties["Name"];
    live.address = properties["RemoteHost"];
    live.monotonic_us = std::atoll(properties["TimestampMonotonic"].c_str());
    return live;
  }

  const AgentIdentity& agent_;
  const LineRunner& run_;
  std::vector<Evidence> evidence_;
};

std::int64_t NowUs(clockid_t clock) {
  timespec now{};
  (void)clock_gettime(clock, &now);
  return now.tv_sec * kSecondUs + now.tv_nsec / 1000;
}

// As a journalctl of any age takes it: whole seconds.
std::string At(std::int64_t realtime_us) { return "@" + std::to_string(realtime_us / kSecondUs); }

// Of `evidence`, what is about the beginning of a session that is open.
std::vector<Evidence> About(const LiveSession& live, std::vector<Evidence> evidence) {
  std::vector<Evidence> kept;
  for (Evidence& one : evidence) {
    const auto* key = std::get_if<KeyAccepted>(&one);
    const auto* login = std::get_if<LoginAccepted>(&one);
    const bool is_its_key = key != nullptr && (key->sshd == live.leader || key->sshd == 0);
    const bool is_its_login = login != nullptr && login->sshd == live.leader;
    if (is_its_key || is_its_login) kept.push_back(std::move(one));
  }
  return kept;
}

std::int64_t RealtimeOf(const Evidence& evidence) {
  return std::visit([](const auto& one) { return one.at.realtime_us; }, evidence);
}

// The keys that were accepted before `evidence` begins, for its first logins: --since may lie
// between the two lines of one login.
Outcome<std::vector<Evidence>> KeysBefore(const std::vector<Evidence>& evidence, Asker* asker) {
  std::vector<Evidence> keys;
  if (evidence.empty()) return keys;
  const std::int64_t begin_us = RealtimeOf(evidence.front());
  const Outcome<Nothing> read = asker->ReadJournal(
      {"--since=" + At(begin_us - kLoginUsMax), "--until=" + At(begin_us + kSecondUs)});
  if (!read) return read.error();
  for (Evidence& one : asker->TakeEvidence()) {
    const bool is_key = std::holds_alternative<KeyAccepted>(one);
    if (is_key && RealtimeOf(one) < begin_us) keys.push_back(std::move(one));
  }
  return keys;
}

}  // namespace

LineRunner RealLineRunner() {
  return [](const std::vector<std::string>& argv, const TakeLine& take) {
    return RunForLines(argv, kJournalTimeMax, kEntryBytesMax, take);
  };
}

Outcome<AgentIdentity> FindAgentIdentity(const Outside& outside) {
  Sshd sshd(outside.layout, outside.runner, outside.files);
  const Outcome<Survey> survey = TakeSurvey(outside, sshd);
  const std::optional<Effective> agent =
      survey ? AgentBehind(outside.layout, survey->answer.effective) : std::nullopt;
  const std::string user = agent ? agent->user : std::string(kWantedUser);
  const std::optional<Account> account = FindAccount(user);
  if (!account) {
    return Failure{ExitStatus::kFailed, "command-user-unknown",
                   "there is no user " + user +
                       ", who writes the agent's lines: `ec2-instance-connect doctor` says more"};
  }
  AgentIdentity identity{std::to_string(account->uid), {}};
  AddProgram(std::string(kAgentPath), &identity.programs);
  if (agent) AddProgram(ProgramOf(agent->command), &identity.programs);
  return identity;
}

Outcome<Records> AskHost(const AgentIdentity& agent, const std::string& since,
                         const LineRunner& run) {
  Asker asker(agent, run);
  const Outcome<Nothing> may = asker.CheckMayReadAll();
  if (!may) return may.error();
  Records records;
  records.boot_id = BootId();
  // First what is open: a session that begins meanwhile is then in the journal, and not unknown.
  records.live = asker.ListLive();
  const Outcome<Nothing> read = asker.ReadJournal({"--since=" + since});
  if (!read) return read.error();
  // The clock may have been set since; the monotonic one tells how long ago it was.
  const std::int64_t boot_us = NowUs(CLOCK_REALTIME) - NowUs(CLOCK_MONOTONIC);
  std::vector<LiveSession> unknown;
  if (records.live) {
    for (LiveSession& live : *records.live) {
      live.realtime_us = boot_us + live.monotonic_us;
      if (!asker.Knows(live)) unknown.push_back(live);
    }
  }
  std::vector<Evidence> later = asker.TakeEvidence();
  for (const LiveSession& live : unknown) {
    const Outcome<Nothing> before =
        asker.ReadJournal({"--since=" + At(live.realtime_us - kLoginUsMax),
                           "--until=" + At(live.realtime_us + 60 * kSecondUs)});
    if (!before) return before.error();
    for (Evidence& one : About(live, asker.TakeEvidence())) {
      records.evidence.push_back(std::move(one));
    }
  }
  Outcome<std::vector<Evidence>> keys = KeysBefore(later, &asker);
  if (!keys) return keys.error();
  for (Evidence& one : *keys) records.evidence.push_back(std::move(one));
  for (Evidence& one : later) records.evidence.push_back(std::move(one));
  return records;
}

}  // namespace eic::admin
