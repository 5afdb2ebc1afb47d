#include "admin/sessions/join.h"

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace eic::admin {
namespace {

// A process, as long as its number is not given to another one.
using Process = std::pair<std::string, pid_t>;  // boot, number

// By boot, and within one by its clock, which is never set. That the process of a login has settled
// its keys may be told beside the login itself, which comes first.
bool IsBefore(const Evidence* left, const Evidence* right) {
  const Moment& a = MomentOf(*left);
  const Moment& b = MomentOf(*right);
  return std::forward_as_tuple(a.boot_id, a.monotonic_us,
                               std::holds_alternative<SshdSpoke>(*left)) <
         std::forward_as_tuple(b.boot_id, b.monotonic_us,
                               std::holds_alternative<SshdSpoke>(*right));
}

bool WasCalledFirst(const Session& left, const Session& right) {
  return left.login.at.realtime_us < right.login.at.realtime_us;
}

void Add(std::vector<Caller>* callers, const Caller& caller) {
  if (std::find(callers->begin(), callers->end(), caller) == callers->end()) {
    callers->push_back(caller);
  }
}

// Names with other bytes than plain ones are escaped in two ways, by our agent and by sshd: those
// are not compared.
bool MayBeOneUser(const std::string& ours, const std::string& sshds) {
  const bool is_escaped =
      ours.find('\\') != std::string::npos || sshds.find('\\') != std::string::npos;
  return ours.empty() || is_escaped || ours == sshds;
}

class Joiner {
 public:
  explicit Joiner(const Records& records) : records_(records) {
    for (const Evidence& evidence : records.evidence) order_.push_back(&evidence);
    std::stable_sort(order_.begin(), order_.end(), &IsBefore);
  }

  std::vector<Session> Run() {
    for (const Evidence* evidence : order_) {
      std::visit([this](const auto& one) { Note(one); }, *evidence);
    }
    for (const Evidence* evidence : order_) {
      std::visit([this](const auto& one) { Take(one); }, *evidence);
    }
    for (Session& session : sessions_) Settle(&session);
    AddUnlogged();
    std::stable_sort(sessions_.begin(), sessions_.end(), &WasCalledFirst);
    return std::move(sessions_);
  }

 private:
  // First all that can be looked up, whenever it was said.
  void Note(const KeyAccepted& accepted) {
    if (accepted.sshd != 0) asked_[{accepted.at.boot_id, accepted.sshd}].push_back(&accepted);
  }
  void Note(const LoginAccepted& login) { NoteSpoke(login.at, login.sshd); }
  void Note(const SessionStarted&) {}
  void Note(const SessionEnded& ended) {
    if (ended.logind_id.empty()) NoteSpoke(ended.at, ended.sshd);
  }
  void Note(const KeyWasOneFactor& factor) { NoteSpoke(factor.at, factor.sshd); }
  void Note(const SshdSpoke& spoke) { NoteSpoke(spoke.at, spoke.sshd); }
  void NoteSpoke(const Moment& at, pid_t sshd) {
    spoke_us_[{at.boot_id, sshd}].push_back(at.monotonic_us);
  }

  // A number under which sshd logs nothing after that is not sshd's but that of a script in
  // between: such a line names no process, either.
  void Take(const KeyAccepted& accepted) {
    if (accepted.sshd == 0 || !SpokeAfter(accepted)) unnamed_.push_back(&accepted);
  }

  bool SpokeAfter(const KeyAccepted& accepted) const {
    const auto found = spoke_us_.find({accepted.at.boot_id, accepted.sshd});
    if (found == spoke_us_.end()) return false;
    const std::vector<std::int64_t>& times = found->second;
    const auto next = std::lower_bound(times.begin(), times.end(), accepted.at.monotonic_us);
    return next != times.end() && *next - accepted.at.monotonic_us <= kLoginUsMax;
  }

  void Take(const LoginAccepted& login) {
    const Process process{login.at.boot_id, login.sshd};
    Session session{login, Identity::kOtherKey, {}, State::kUnknown, std::nullopt, ""};
    Identify(process, &session);
    if (!login.is_by_sshd) session.identity = Identity::kUncertain;
    Close(process, login.at);
    open_[process] = sessions_.size();
    sessions_.push_back(std::move(session));
  }

  void Take(const SessionStarted& started) {
    const auto found = open_.find({started.at.boot_id, started.sshd});
    if (found == open_.end()) return;
    const std::int64_t login_us = sessions_[found->second].login.at.monotonic_us;
    if (started.at.monotonic_us - login_us <= kOpeningUsMax) {
      of_logind_[{started.at.boot_id, started.logind_id}] = found->second;
    }
  }

  // The first end that is told of counts; those of a process that nobody logged in by do not. When
  // logind ends a session, its process may be long gone, and its number another login's: what
  // counts is which login the session began for. A login may have none, since older releases of
  // logind make none while another session has the number.
  void Take(const SessionEnded& ended) {
    if (!ended.logind_id.empty()) {
      const auto found = of_logind_.find({ended.at.boot_id, ended.logind_id});
      if (found != of_logind_.end()) End(ended.at, &sessions_[found->second]);
      return;
    }
    const Process process{ended.at.boot_id, ended.sshd};
    Close(process, ended.at);
    const auto found = open_.find(process);
    if (found == open_.end()) return;
    End(ended.at, &sessions_[found->second]);
    open_.erase(found);
  }

  static void End(const Moment& at, Session* session) {
    if (session->state == State::kEnded) return;
    session->state = State::kEnded;
    session->until_us = at.realtime_us;
  }

  void Take(const KeyWasOneFactor& factor) {
    factors_[{factor.at.boot_id, factor.sshd}].insert(factor.fingerprint);
  }

  void Take(const SshdSpoke& spoke) {
    if (spoke.is_end) Close({spoke.at.boot_id, spoke.sshd}, spoke.at);
  }

  // What a process asked for until now is settled: its number may be another's from here on.
  void Close(const Process& process, const Moment& at) {
    settled_us_[process] = at.monotonic_us;
    factors_.erase(process);
  }

  void Identify(const Process& process, Session* session) {
    const LoginAccepted& login = session->login;
    const bool is_by_key = login.method == "publickey";
    if (!is_by_key) session->identity = Identity::kOtherWay;
    AddOfLastRun(process, login, &session->callers);
    if (!session->callers.empty()) {
      const auto factors = factors_.find(process);
      const bool is_proven = is_by_key || factors != factors_.end();
      session->identity = !is_proven                     ? Identity::kUncertain
                          : session->callers.size() == 1 ? Identity::kPushedKey
                                                         : Identity::kSeveral;
      return;
    }
    if (!is_by_key) return;
    ForgetOld(login.at);
    for (const KeyAccepted* accepted : unnamed_) {
      if (Fits(*accepted, login, login.fingerprint)) Add(&session->callers, accepted->caller);
    }
    if (!session->callers.empty()) session->identity = Identity::kUncertain;
  }

  // Of the last run of the agent that handed out the key: each run before it was about an offer,
  // which anybody can make who knows the public key.
  void AddOfLastRun(const Process& process, const LoginAccepted& login,
                    std::vector<Caller>* callers) const {
    const auto found = asked_.find(process);
    if (found == asked_.end()) return;
    const auto settled = settled_us_.find(process);
    std::vector<const KeyAccepted*> fitting;
    for (const KeyAccepted* accepted : found->second) {
      const bool is_settled =
          settled != settled_us_.end() && accepted->at.monotonic_us <= settled->second;
      if (!is_settled && FitsMethod(process, *accepted, login)) fitting.push_back(accepted);
    }
    if (fitting.empty()) return;
    const pid_t last_run = fitting.back()->agent;
    for (const KeyAccepted* accepted : fitting) {
      if (accepted->agent == last_run) Add(callers, accepted->caller);
    }
  }

  // A login by another method names no key: it is the one that sshd took as a factor, where it says
  // so, or else any that was offered.
  bool FitsMethod(const Process& process, const KeyAccepted& accepted,
                  const LoginAccepted& login) const {
    if (login.method == "publickey") return Fits(accepted, login, login.fingerprint);
    const auto factors = factors_.find(process);
    const bool is_factor =
        factors == factors_.end() || factors->second.count(accepted.fingerprint) != 0;
    return is_factor && Fits(accepted, login, accepted.fingerprint);
  }

  static bool Fits(const KeyAccepted& accepted, const LoginAccepted& login,
                   const std::string& fingerprint) {
    const std::int64_t before_us = login.at.monotonic_us - accepted.at.monotonic_us;
    return accepted.at.boot_id == login.at.boot_id && accepted.fingerprint == fingerprint &&
           before_us >= 0 && before_us <= kLoginUsMax && MayBeOneUser(accepted.user, login.user);
  }

  void ForgetOld(const Moment& now) {
    while (!unnamed_.empty() &&
           (unnamed_.front()->at.boot_id != now.boot_id ||
            now.monotonic_us - unnamed_.front()->at.monotonic_us > kLoginUsMax)) {
      unnamed_.pop_front();
    }
  }

  // A session that was seen to end has ended, whatever of it still runs.
  void Settle(Session* session) {
    if (session->state == State::kEnded) return;
    if (session->login.at.boot_id != records_.boot_id) {
      session->state = State::kEnded;  // with that boot at the latest; nobody saw when
      return;
    }
    if (!records_.live) return;
    for (const LiveSession& live : *records_.live) {
      if (!IsOf(live, session->login, records_.boot_id)) continue;
      session->state = State::kOpen;
      session->logind_id = live.id;
    }
  }

  void AddUnlogged() {
    if (!records_.live) return;
    for (const LiveSession& live : *records_.live) {
      const bool is_known = std::any_of(
          sessions_.begin(), sessions_.end(),
          [&](const Session& session) { return IsOf(live, session.login, records_.boot_id); });
      if (is_known) continue;
      Session session;
      session.login.at = {records_.boot_id, live.monotonic_us, live.realtime_us};
      session.login.sshd = live.leader;
      session.login.user = live.user;
      session.login.address = live.address;
      session.identity = Identity::kNotLogged;
      session.state = State::kOpen;
      session.logind_id = live.id;
      sessions_.push_back(std::move(session));
    }
  }

  const Records& records_;
  std::vector<const Evidence*> order_;
  std::vector<Session> sessions_;
  std::map<Process, std::vector<const KeyAccepted*>> asked_;
  std::map<Process, std::vector<std::int64_t>> spoke_us_;  // monotonic, in order
  std::deque<const KeyAccepted*> unnamed_;
  std::map<Process, std::set<std::string>> factors_;                      // fingerprints
  std::map<Process, std::int64_t> settled_us_;                            // monotonic
  std::map<Process, std::size_t> open_;                                   // index of sessions_
  std::map<std::pair<std::string, std::string>, std::size_t> of_logind_;  // by boot and logind's id
};

}  // namespace

bool IsOf(const LiveSession& live, const LoginAccepted& login, const std::string& boot_id) {
  return login.at.boot_id == boot_id && login.sshd == live.leader &&
         std::abs(live.monotonic_us - login.at.monotonic_us) <= kOpeningUsMax;
}

std::vector<Session> Join(const Records& records) { return Joiner(records).Run(); }

}  // namespace eic::admin
