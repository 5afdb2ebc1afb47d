#include "admin/sessions/ask_host.h"

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "admin/sessions/limits.h"
#include "admin/sessions/list_live.h"
#include "admin/sessions/render.h"
#include "admin/slot/agent_command.h"
#include "core/printable.h"

namespace eic::admin {
namespace {

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

// Drops what is of no process that asked our agent or let somebody in, such as the lines about
// strangers and logind's about other services. Lines that belong together do not arrive in the
// order in which they were sent: what is that new stays.
void DropStrangers(std::vector<Evidence>* evidence) {
  std::set<pid_t> processes;
  for (const Evidence& one : *evidence) {
    const bool counts =
        std::holds_alternative<KeyAccepted>(one) || std::holds_alternative<LoginAccepted>(one);
    if (counts) processes.insert(SshdOf(one));
  }
  const std::int64_t old_us = MomentOf(evidence->back()).realtime_us - kLoginUsMax;
  const auto is_strangers = [&](const Evidence& one) {
    return processes.count(SshdOf(one)) == 0 && MomentOf(one).realtime_us < old_us;
  };
  evidence->erase(std::remove_if(evidence->begin(), evidence->end(), is_strangers),
                  evidence->end());
}

class Asker {
 public:
  Asker(const AgentIdentity& agent, const LineRunner& run, std::size_t evidence_max)
      : agent_(agent), run_(run), evidence_max_(evidence_max) {}

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

  // What `range` and `matches` select, in the order of arrival.
  Outcome<std::vector<Evidence>> ReadJournal(const std::vector<std::string>& range,
                                             const std::vector<std::string>& matches) {
    std::vector<Evidence> evidence;
    std::vector<std::string> argv = {ProgramAt("journalctl"), "--no-pager", "--output=json"};
    argv.insert(argv.end(), range.begin(), range.end());
    argv.insert(argv.end(), matches.begin(), matches.end());
    const ProgramResult result = run_(argv, [&](std::string_view line) {
      Take(line, &evidence);
      return true;
    });
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
    return evidence;
  }

  // False where ReadJournal() left out what was older, of any answer.
  bool is_whole() const { return is_whole_; }
  std::size_t evidence_max() const { return evidence_max_; }
  void Say(const std::string& note) { AddNote(note, &notes_); }
  std::vector<std::string> TakeNotes() { return std::move(notes_); }

 private:
  void Take(std::string_view line, std::vector<Evidence>* evidence) {
    const std::optional<LogEntry> entry = ParseLogEntry(line);
    if (!entry) return;
    NoteDropped(WhatWasDropped(*entry));
    std::optional<Evidence> one = Believe(*entry, agent_);
    if (!one) return;
    evidence->push_back(*std::move(one));
    if (evidence->size() >= evidence_max_) MakeRoom(evidence);
  }

  void NoteDropped(Dropped dropped) {
    if (dropped == Dropped::kNone) return;
    const char* what = dropped == Dropped::kLogins
                           ? "of sshd and of the agent, so that logins or their callers"
                           : "of users' sessions, so that the ends of some";
    AddNote("journald dropped lines " + std::string(what) +
                " may be missing: `journalctl MESSAGE_ID=" + std::string(kDroppedId) +
                "` says how many",
            &notes_);
  }

  // A quarter at least, since this takes time.
  void MakeRoom(std::vector<Evidence>* evidence) {
    DropStrangers(evidence);
    const std::size_t keep = evidence_max_ - evidence_max_ / 4;
    if (evidence->size() <= keep) return;
    evidence->erase(evidence->begin(), evidence->end() - static_cast<std::ptrdiff_t>(keep));
    is_whole_ = false;
  }

  const AgentIdentity& agent_;
  const LineRunner& run_;
  const std::size_t evidence_max_;
  std::vector<std::string> notes_;
  bool is_whole_ = true;
};

std::int64_t NowUs(clockid_t clock) {
  timespec now{};
  (void)clock_gettime(clock, &now);
  return now.tv_sec * kSecondUs + now.tv_nsec / 1000;
}

// As a journalctl of any age takes it: whole seconds.
std::string At(std::int64_t realtime_us) { return "@" + std::to_string(realtime_us / kSecondUs); }

void Append(std::vector<Evidence> more, std::vector<Evidence>* evidence) {
  for (Evidence& one : more) evidence->push_back(std::move(one));
}

// What was said before `moment`, as far back as a login of then may need it: the keys, and what
// became of them. The logins of then are no longer asked for; but each has settled its keys.
Outcome<std::vector<Evidence>> SaidBefore(const Moment& moment, const AgentIdentity& agent,
                                          Asker* asker) {
  Outcome<std::vector<Evidence>> read =
      asker->ReadJournal({"--since=" + At(moment.realtime_us - kLoginUsMax - kSecondUs),
                          "--until=" + At(moment.realtime_us + kSecondUs)},
                         JournalMatches(agent));
  if (!read) return read;
  std::vector<Evidence> said;
  for (Evidence& one : *read) {
    if (MomentOf(one).realtime_us >= moment.realtime_us) continue;
    const auto* login = std::get_if<LoginAccepted>(&one);
    if (login != nullptr) one = SshdSpoke{Moment(login->at), login->sshd, true};
    said.push_back(std::move(one));
  }
  return said;
}

// The login of a session that is open and began before --since, and the keys for it, out of `said`
// under the number of its process; what other processes said under that number stays out.
Outcome<std::vector<Evidence>> BeginningOf(const LiveSession& live, const std::string& boot_id,
                                           std::vector<Evidence> said, const AgentIdentity& agent,
                                           Asker* asker) {
  const auto is_its_login = [&](const Evidence& one) {
    const auto* login = std::get_if<LoginAccepted>(&one);
    return login != nullptr && IsOf(live, *login, boot_id);
  };
  const auto login = std::find_if(said.begin(), said.end(), is_its_login);
  if (login == said.end()) return std::vector<Evidence>();
  const Moment then = MomentOf(*login);
  const auto is_anothers = [&](const Evidence& one) {
    const bool is_other_login = std::holds_alternative<LoginAccepted>(one) && !is_its_login(one);
    return is_other_login || MomentOf(one).monotonic_us < then.monotonic_us - kLoginUsMax;
  };
  said.erase(std::remove_if(said.begin(), said.end(), is_anothers), said.end());
  // Of it logind has told the id: another session of that number may end.
  said.emplace_back(SessionStarted{then, live.leader, live.id});
  const bool has_key = std::any_of(said.begin(), said.end(), [&then](const Evidence& one) {
    return std::holds_alternative<KeyAccepted>(one) &&
           MomentOf(one).monotonic_us <= then.monotonic_us;
  });
  if (has_key) return said;
  // Plain lines have no field to be found by.
  Outcome<std::vector<Evidence>> before = SaidBefore(then, agent, asker);
  if (!before) return before;
  Append(std::move(*before), &said);
  return said;
}

// The same of each in `older`, the newest first, by the numbers of their processes and not by any
// clock, which may have been set since. Of too many sessions, or lines, the rest stays out.
Outcome<std::vector<Evidence>> BeginningsOf(const std::vector<LiveSession>& older,
                                            const std::string& boot_id, const AgentIdentity& agent,
                                            Asker* asker) {
  std::vector<Evidence> beginnings;
  if (older.empty()) return beginnings;
  const std::size_t asked = std::min(older.size(), kOlderMax);
  std::vector<std::string> matches = {"_UID=0"};
  for (std::size_t i = 0; i < asked; ++i) {
    matches.push_back("_PID=" + std::to_string(older[i].leader));
  }
  matches.insert(matches.end(), {"+", "_UID=" + agent.uid});
  for (std::size_t i = 0; i < asked; ++i) {
    matches.push_back("EIC_SSHD_PID=" + std::to_string(older[i].leader));
  }
  Outcome<std::vector<Evidence>> read = asker->ReadJournal({"-b"}, matches);
  if (!read) return read;
  std::map<pid_t, std::vector<Evidence>> said;
  for (Evidence& one : *read) said[SshdOf(one)].push_back(std::move(one));
  std::size_t found = 0;
  for (; found < asked && beginnings.size() < asker->evidence_max(); ++found) {
    const LiveSession& live = older[found];
    Outcome<std::vector<Evidence>> beginning =
        BeginningOf(live, boot_id, said[live.leader], agent, asker);
    if (!beginning) return beginning;
    Append(std::move(*beginning), &beginnings);
  }
  if (found < older.size()) {
    asker->Say(std::to_string(older.size()) + " open sessions began before --since. Only the " +
               std::to_string(found) +
               " newest were looked up, and the rest are shown as not logged: choose an earlier "
               "--since");
  }
  return beginnings;
}

// Of the sessions that are open, those whose login is not in `evidence`, the newest first.
std::vector<LiveSession> OlderThan(const std::vector<Evidence>& evidence,
                                   const std::vector<LiveSession>& live,
                                   const std::string& boot_id) {
  std::vector<LiveSession> older;
  for (const LiveSession& one : live) {
    const bool is_known = std::any_of(evidence.begin(), evidence.end(), [&](const Evidence& said) {
      const auto* login = std::get_if<LoginAccepted>(&said);
      return login != nullptr && IsOf(one, *login, boot_id);
    });
    if (!is_known) older.push_back(one);
  }
  std::sort(older.begin(), older.end(), [](const LiveSession& a, const LiveSession& b) {
    return a.monotonic_us > b.monotonic_us;
  });
  return older;
}

}  // namespace

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
                         const LineRunner& run, std::size_t evidence_max) {
  Asker asker(agent, run, evidence_max);
  const Outcome<Nothing> may = asker.CheckMayReadAll();
  if (!may) return may.error();
  Records records;
  records.boot_id = BootId();
  records.journal_begins_us = asker.FindBeginning();
  records.live = ListLive(run);
  Outcome<std::vector<Evidence>> read =
      asker.ReadJournal({"--since=" + since}, JournalMatches(agent));
  if (!read) return read.error();
  records.evidence = std::move(*read);
  std::vector<LiveSession> older;
  if (records.live) {
    // For sessions without any line. The clock may have been set since.
    const std::int64_t boot_us = NowUs(CLOCK_REALTIME) - NowUs(CLOCK_MONOTONIC);
    for (LiveSession& live : *records.live) live.realtime_us = boot_us + live.monotonic_us;
    older = OlderThan(records.evidence, *records.live, records.boot_id);
  }
  if (!records.evidence.empty()) {
    // --since may lie between the two lines of one login.
    Outcome<std::vector<Evidence>> before =
        SaidBefore(MomentOf(records.evidence.front()), agent, &asker);
    if (!before) return before.error();
    Append(std::move(*before), &records.evidence);
  }
  Outcome<std::vector<Evidence>> beginnings = BeginningsOf(older, records.boot_id, agent, &asker);
  if (!beginnings) return beginnings.error();
  Append(std::move(*beginnings), &records.evidence);
  if (!asker.is_whole()) {
    // The callers of the first logins may be among what was left out.
    AddNote("the log has more than " + std::to_string(evidence_max) +
                " lines about logins. The list is complete only since " +
                Time(MomentOf(records.evidence.front()).realtime_us + kLoginUsMax) +
                ": earlier logins, or their callers, may be missing",
            &records.notes);
  }
  for (const std::string& note : asker.TakeNotes()) AddNote(note, &records.notes);
  if (!agent.doubt.empty()) records.notes.push_back(agent.doubt);
  return records;
}

}  // namespace eic::admin
