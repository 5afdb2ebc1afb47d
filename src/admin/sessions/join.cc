#include "admin/sessions/join.h"

#include <algorithm>
#include <map>
#include <utility>

namespace eic::admin {
namespace {

// A process, as long as its number is not given to another one.
using Process = std::pair<std::string, pid_t>;  // boot, number

// sshd starts the session of logind right after it has logged the login.
constexpr std::int64_t kOpeningUsMax = 60'000'000;

void Add(std::vector<Caller>* callers, const Caller& caller) {
  if (std::find(callers->begin(), callers->end(), caller) == callers->end()) {
    callers->push_back(caller);
  }
}

class Joiner {
 public:
  explicit Joiner(const Records& records) : records_(records) {}

  std::vector<Session> Run() {
    for (const Evidence& evidence : records_.evidence) {
      std::visit([this](const auto& one) { Take(one); }, evidence);
    }
    for (Session& session : sessions_) Settle(&session);
    AddUnlogged();
    return std::move(sessions_);
  }

 private:
  void Take(const KeyAccepted& accepted) {
    if (accepted.sshd != 0) {
      asked_[{accepted.at.boot_id, accepted.sshd}].push_back(accepted);
    } else {
      unnamed_.push_back(accepted);
    }
  }

  void Take(const LoginAccepted& login) {
    const Process process{login.at.boot_id, login.sshd};
    Session session{login, Identity::kOtherKey, {}, State::kUnknown, std::nullopt, ""};
    Identify(&session);
    // Whatever that process asked for is settled: its number may be another's from now on.
    asked_.erase(process);
    last_of_[process] = sessions_.size();
    sessions_.push_back(std::move(session));
  }

  // The first end that is told of counts; those of a process that nobody logged in by do not.
  void Take(const SessionEnded& ended) {
    const auto found = last_of_.find({ended.at.boot_id, ended.sshd});
    if (found == last_of_.end()) return;
    Session& session = sessions_[found->second];
    session.state = State::kEnded;
    session.until_us = ended.at.realtime_us;
    last_of_.erase(found);
  }

  void Identify(Session* session) const {
    const LoginAccepted& login = session->login;
    if (login.method != "publickey") {
      session->identity = Identity::kOtherWay;
      return;
    }
    const auto found = asked_.find({login.at.boot_id, login.sshd});
    if (found != asked_.end()) {
      for (const KeyAccepted& accepted : found->second) {
        if (Fits(accepted, login, kLoginUsMax)) Add(&session->callers, accepted.caller);
      }
    }
    if (!session->callers.empty()) {
      session->identity = session->callers.size() == 1 ? Identity::kPushedKey : Identity::kSeveral;
      return;
    }
    for (const KeyAccepted& accepted : unnamed_) {
      if (Fits(accepted, login, kUncertainUsMax)) Add(&session->callers, accepted.caller);
    }
    if (!session->callers.empty()) session->identity = Identity::kUncertain;
  }

  // `accepted` stands before `login` in the log.
  static bool Fits(const KeyAccepted& accepted, const LoginAccepted& login, std::int64_t us_max) {
    return accepted.at.boot_id == login.at.boot_id && accepted.fingerprint == login.fingerprint &&
           login.at.monotonic_us - accepted.at.monotonic_us <= us_max;
  }

  // What logind says of now beats an end that is told of only in part, such as one of several.
  void Settle(Session* session) {
    if (session->state == State::kEnded) return;
    if (session->login.at.boot_id != records_.boot_id) {
      session->state = State::kEnded;  // with that boot at the latest; nobody saw when
      return;
    }
    if (!records_.live) return;
    for (const LiveSession& live : *records_.live) {
      if (live.leader != session->login.sshd) continue;
      const std::int64_t after_us = live.monotonic_us - session->login.at.monotonic_us;
      if (after_us < -kOpeningUsMax || after_us > kOpeningUsMax) continue;
      session->state = State::kOpen;
      session->logind_id = live.id;
    }
  }

  void AddUnlogged() {
    if (!records_.live) return;
    for (const LiveSession& live : *records_.live) {
      const bool is_known =
          std::any_of(sessions_.begin(), sessions_.end(),
                      [&live](const Session& session) { return session.logind_id == live.id; });
      if (is_known || WasSeenToEnd(live)) continue;
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

  // logind keeps a session whose user has left while something of it still runs.
  bool WasSeenToEnd(const LiveSession& live) const {
    return std::any_of(sessions_.begin(), sessions_.end(), [&](const Session& session) {
      return session.state == State::kEnded && session.login.at.boot_id == records_.boot_id &&
             session.login.sshd == live.leader &&
             std::abs(live.monotonic_us - session.login.at.monotonic_us) <= kOpeningUsMax;
    });
  }

  const Records& records_;
  std::vector<Session> sessions_;
  std::map<Process, std::vector<KeyAccepted>> asked_;
  std::vector<KeyAccepted> unnamed_;
  std::map<Process, std::size_t> last_of_;
};

}  // namespace

std::vector<Session> Join(const Records& records) { return Joiner(records).Run(); }

}  // namespace eic::admin
