#include "admin/sessions/ask_host.h"

#include <unistd.h>

#include <algorithm>
#include <climits>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <map>
#include <sstream>

#include "admin/sessions/limits.h"
#include "admin/slot/agent_command.h"
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
       {"ec2-instance-connect", "Accepted ", "Partial ", "\"MESSAGE\":[", "\"MESSAGE\" : [",
        "session closed", "Disconnected from user", "LEADER", "Suppressed "}) {
    if (line.find(word) != std::string_view::npos) return true;
  }
  return false;
}

const Moment& MomentOf(const Evidence& evidence) {
  return std::visit([](const auto& one) -> const Moment& { return one.at; }, evidence);
}

std::vector<std::string> Words(std::initializer_list<std::string> first,
                               const std::vector<std::string>& rest) {
  std::vector<std::string> words(first);
  words.insert(words.end(), rest.begin(), rest.end());
  return words;
}

// Without line ends. journalctl is asked several times, and says the same each time.
void AddNote(const std::string& text, std::vector<std::string>* notes) {
  const std::string note = PrintableLine(text);
  if (std::find(notes->begin(), notes->end(), note) == notes->end()) notes->push_back(note);
}

// What journalctl says of a --since that it does not take.
bool TellsOfAWrongTime(const std::string& errors) {
  return errors.find("Failed to parse") != std::string::npos &&
         errors.find("timestamp") != std::string::npos;
}

class Asker {
 public:
  Asker(const AgentIdentity& agent, const LineRunner& run) : agent_(agent), run_(run) {}

  // Who may not read all of the journal is shown the rest, and told so by a hint, which does not
  // come with the output in JSON.
  Outcome<Nothing> CheckMayReadAll() const {
    const ProgramResult result = run_({ProgramAt("journalctl"), "--no-pager", "--lines=1"},
                                      [](std::string_view) { return true; });
    if (result.errors.find("not seeing messages") != std::string::npos ||
        result.errors.find("insufficient permissions") != std::string::npos) {
      return JournalFailure(
          "this user may not read all of it; run this as root, or as a user in the group "
          "systemd-journal or adm");
    }
    if (result.errors.find("No journal files were") != std::string::npos) {
      return JournalFailure("there is none: journald does not run, or keeps nothing");
    }
    return Nothing{};
  }

  // The time of the system's oldest entry; 0 where there is none. Users have files of their own,
  // which may reach back to years before what the system's still have.
  std::int64_t FindBeginning() const {
    std::int64_t begins_us = 0;
    (void)run_({ProgramAt("journalctl"), "--no-pager", "--system", "--output=json"},
               [&begins_us](std::string_view line) {
                 const std::optional<LogEntry> entry = ParseLogEntry(line);
                 if (entry) begins_us = entry->realtime_us;
                 return begins_us == 0;
               });
    return begins_us;
  }

  // What `range` and `matches` select, behind what was read before.
  Outcome<Nothing> ReadJournal(const std::vector<std::string>& range,
                               const std::vector<std::string>& matches) {
    std::vector<std::string> argv =
        Words({ProgramAt("journalctl"), "--no-pager", "--output=json"}, range);
    argv.insert(argv.end(), matches.begin(), matches.end());
    const ProgramResult result = run_(argv, [this](std::string_view line) { return Take(line); });
    if (evidence_.size() >= kEvidenceMax) {
      return Failure{ExitStatus::kFailed, "journal-too-large",
                     "the journal has more than " + std::to_string(kEvidenceMax) +
                         " lines about logins: choose a later --since"};
    }
    switch (result.end) {
      case ProgramResult::End::kTimedOut:
        return JournalFailure("journalctl took longer than " +
                              std::to_string(kJournalTimeMax.count()) +
                              " s: choose a later --since");
      case ProgramResult::End::kSignalled:
        return JournalFailure("journalctl was ended by signal " + std::to_string(result.status));
      case ProgramResult::End::kNotStarted:
        return JournalFailure(argv.front() + ": " + result.errors);
      case ProgramResult::End::kExited:
        break;
    }
    if (result.status != 0 && TellsOfAWrongTime(result.errors)) {
      return Failure{ExitStatus::kUsage, "since-not-understood",
                     "--since takes a time in journalctl's form, such as -1h or yesterday: " +
                         PrintableLine(result.errors)};
    }
    if (result.status != 0) return JournalFailure(result.errors);
    if (!result.errors.empty()) AddNote("journalctl: " + result.errors, &notes_);
    return Nothing{};
  }

  // Nothing where logind does not answer. A session that ends between the two questions makes the
  // second one fail, and what it says then is not all.
  std::optional<std::vector<LiveSession>> ListLive() const {
    std::vector<std::string> ids;
    for (int attempt = 0; attempt < kListAttemptsMax; ++attempt) {
      ids.clear();
      const ProgramResult listed =
          run_({ProgramAt("loginctl"), "list-sessions", "--no-legend", "--no-pager"},
               [&ids](std::string_view line) {
                 std::istringstream words{std::string(line)};
                 std::string id;
                 if (words >> id) ids.push_back(id);
                 return true;
               });
      if (!listed.Succeeded()) return std::nullopt;
      std::vector<LiveSession> live;
      if (ids.empty() || Show(ids, &live)) return live;
    }
    std::vector<LiveSession> live;
    for (const std::string& id : ids) {
      std::vector<LiveSession> one;
      if (Show({id}, &one)) live.insert(live.end(), one.begin(), one.end());
    }
    return live;
  }

  bool Knows(const LiveSession& live, const std::string& boot_id) const {
    return std::any_of(evidence_.begin(), evidence_.end(), [&](const Evidence& one) {
      const auto* login = std::get_if<LoginAccepted>(&one);
      return login != nullptr && login->sshd == live.leader && login->at.boot_id == boot_id &&
             std::abs(login->at.monotonic_us - live.monotonic_us) <= kOpeningUsMax;
    });
  }

  const std::vector<Evidence>& evidence() const { return evidence_; }
  std::vector<Evidence> TakeEvidence() { return std::move(evidence_); }
  std::vector<std::string> TakeNotes() { return std::move(notes_); }

 private:
  bool Take(std::string_view line) {
    const bool may_tell_of_sshd = !named_.empty() && line.find("sshd") != std::string_view::npos;
    if (!may_tell_of_sshd && !CanMatter(line)) return true;
    const std::optional<LogEntry> entry = ParseLogEntry(line);
    if (entry && TellsOfDroppedLines(*entry)) {
      AddNote(
          "journald dropped lines of sshd and of the agent, so that logins or their callers may be "
          "missing: `journalctl MESSAGE_ID=a596d6fe7bfa4994828e72309e95d61e` "
          "says how many",
          &notes_);
    }
    std::optional<Evidence> evidence = entry ? Believe(*entry, agent_) : std::nullopt;
    if (!evidence) return true;
    if (const auto* accepted = std::get_if<KeyAccepted>(&*evidence)) named_.insert(accepted->sshd);
    // Of the rest that sshd says, only that of processes that asked our agent is of use.
    const auto* spoke = std::get_if<SshdSpoke>(&*evidence);
    if (spoke == nullptr || named_.count(spoke->sshd) != 0) {
      evidence_.push_back(*std::move(evidence));
    }
    return evidence_.size() < kEvidenceMax;
  }

  bool Show(const std::vector<std::string>& ids, std::vector<LiveSession>* live) const {
    std::map<std::string, std::string> properties;
    const auto finish = [&] {
      if (properties["Service"] == "sshd") live->push_back(LiveOf(properties));
      properties.clear();
    };
    const ProgramResult result =
        run_(Words({ProgramAt("loginctl"), "show-session", "--property=Id", "--property=Leader",
                    "--property=Name", "--property=RemoteHost", "--property=Service",
                    "--property=TimestampMonotonic", "--"},
                   ids),
             [&](std::string_view line) {
               const std::size_t at = line.find('=');
               if (at == std::string_view::npos) return true;
               const std::string name(line.substr(0, at));
               if (properties.count(name) != 0) finish();
               properties[name] = line.substr(at + 1);
               return true;
             });
    finish();
    if (!result.Succeeded()) live->clear();
    return result.Succeeded();
  }

  static LiveSession LiveOf(std::map<std::string, std::string>& properties) {
    LiveSession live;
    live.id = properties["Id"];
    live.leader = ParsePid(properties["Leader"]);
    live.user = properties["Name"];
    live.address = properties["RemoteHost"];
    live.monotonic_us = ParseMicroseconds(properties["TimestampMonotonic"]);
    return live;
  }

  const AgentIdentity& agent_;
  const LineRunner& run_;
  std::vector<Evidence> evidence_;
  std::vector<std::string> notes_;
  std::set<pid_t> named_;  // by our agent's lines
};

std::int64_t NowUs(clockid_t clock) {
  timespec now{};
  (void)clock_gettime(clock, &now);
  return now.tv_sec * kSecondUs + now.tv_nsec / 1000;
}

// As a journalctl of any age takes it: whole seconds.
std::string At(std::int64_t realtime_us) { return "@" + std::to_string(realtime_us / kSecondUs); }

// What was said before `moment`, as far back as a login of then may need it: the keys, and what
// became of them. The logins of then are no longer asked for; but each has settled its keys.
Outcome<std::vector<Evidence>> SaidBefore(const Moment& moment, const AgentIdentity& agent,
                                          Asker* asker) {
  const Outcome<Nothing> read =
      asker->ReadJournal({"--since=" + At(moment.realtime_us - kLoginUsMax - kSecondUs),
                          "--until=" + At(moment.realtime_us + kSecondUs)},
                         JournalMatches(agent));
  if (!read) return read.error();
  std::vector<Evidence> said;
  for (Evidence& one : asker->TakeEvidence()) {
    if (MomentOf(one).realtime_us >= moment.realtime_us) continue;
    const auto* login = std::get_if<LoginAccepted>(&one);
    if (login != nullptr) one = SshdSpoke{Moment(login->at), login->sshd, true};
    said.push_back(std::move(one));
  }
  return said;
}

// The login of a session that is open and began before --since, and the keys for it. By the number
// of its process and not by any clock, which may have been set since; what other processes said
// under that number, before or since, stays out.
Outcome<std::vector<Evidence>> BeginningOf(const LiveSession& live, const AgentIdentity& agent,
                                           Asker* asker) {
  const std::string pid = std::to_string(live.leader);
  const Outcome<Nothing> read = asker->ReadJournal(
      {"-b"}, {"_UID=0", "_PID=" + pid, "+", "_UID=" + agent.uid, "EIC_SSHD_PID=" + pid});
  if (!read) return read.error();
  std::vector<Evidence> found = asker->TakeEvidence();
  const auto is_its_login = [&live](const Evidence& one) {
    const auto* login = std::get_if<LoginAccepted>(&one);
    return login != nullptr &&
           std::abs(login->at.monotonic_us - live.monotonic_us) <= kOpeningUsMax;
  };
  const auto login = std::find_if(found.begin(), found.end(), is_its_login);
  if (login == found.end()) return std::vector<Evidence>();
  const Moment then = MomentOf(*login);
  const auto is_anothers = [&](const Evidence& one) {
    const bool is_other_login = std::holds_alternative<LoginAccepted>(one) && !is_its_login(one);
    return is_other_login || MomentOf(one).monotonic_us < then.monotonic_us - kLoginUsMax;
  };
  found.erase(std::remove_if(found.begin(), found.end(), is_anothers), found.end());
  // Of it logind has told the id: another session of that number may end.
  found.emplace_back(SessionStarted{then, live.leader, live.id});
  const bool has_key = std::any_of(found.begin(), found.end(), [&then](const Evidence& one) {
    return std::holds_alternative<KeyAccepted>(one) &&
           MomentOf(one).monotonic_us <= then.monotonic_us;
  });
  if (has_key) return found;
  // Plain lines have no field to be found by.
  Outcome<std::vector<Evidence>> before = SaidBefore(then, agent, asker);
  if (!before) return before;
  for (Evidence& one : *before) found.push_back(std::move(one));
  return found;
}

void Append(std::vector<Evidence> more, std::vector<Evidence>* evidence) {
  for (Evidence& one : more) evidence->push_back(std::move(one));
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
    return Failure{
        ExitStatus::kFailed, "command-user-unknown",
        "there is no user " + user +
            ", as whom the agent would write its lines: run `ec2-instance-connect doctor`"};
  }
  AgentIdentity identity{std::to_string(account->uid), {}, ""};
  // With --sshd, which may be a wrapper, logins are still those of the system's.
  for (const std::string& path : {outside.layout.sshd, Layout().sshd}) {
    AddProgram(path, &identity.sshds);
  }
  AddProgram(std::string(kAgentPath), &identity.programs);
  if (agent) AddProgram(ProgramOf(agent->command), &identity.programs);
  if (!survey) {
    identity.doubt = "cannot tell who sshd runs the agent as (" + survey.error().text +
                     "): only lines of the user " + user + " count as the agent's";
  }
  return identity;
}

Outcome<Records> AskHost(const AgentIdentity& agent, const std::string& since,
                         const LineRunner& run) {
  Asker asker(agent, run);
  const Outcome<Nothing> may = asker.CheckMayReadAll();
  if (!may) return may.error();
  Records records;
  records.boot_id = BootId();
  records.journal_begins_us = asker.FindBeginning();
  records.live = asker.ListLive();
  const Outcome<Nothing> read = asker.ReadJournal({"--since=" + since}, JournalMatches(agent));
  if (!read) return read.error();
  std::vector<LiveSession> older;
  if (records.live) {
    // For sessions without any line. The clock may have been set since.
    const std::int64_t boot_us = NowUs(CLOCK_REALTIME) - NowUs(CLOCK_MONOTONIC);
    for (LiveSession& live : *records.live) {
      live.realtime_us = boot_us + live.monotonic_us;
      if (!asker.Knows(live, records.boot_id)) older.push_back(live);
    }
  }
  records.evidence = asker.TakeEvidence();
  if (!records.evidence.empty()) {
    // --since may lie between the two lines of one login.
    Outcome<std::vector<Evidence>> before =
        SaidBefore(MomentOf(records.evidence.front()), agent, &asker);
    if (!before) return before.error();
    Append(std::move(*before), &records.evidence);
  }
  for (const LiveSession& live : older) {
    Outcome<std::vector<Evidence>> beginning = BeginningOf(live, agent, &asker);
    if (!beginning) return beginning.error();
    Append(std::move(*beginning), &records.evidence);
  }
  records.notes = asker.TakeNotes();
  if (!agent.doubt.empty()) records.notes.push_back(agent.doubt);
  return records;
}

}  // namespace eic::admin
