// Sessions, put together from the log's evidence and systemd-logind's list. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "admin/sessions/evidence.h"

namespace eic::admin {

// A session of sshd that systemd-logind has now.
struct LiveSession {
  std::string id;
  pid_t leader = 0;  // the process of sshd that logged "Accepted ..."
  std::string user;
  std::string address;
  std::int64_t monotonic_us = 0;  // since when
  std::int64_t realtime_us = 0;   // by today's clock
};

// What is at hand for the join.
struct Records {
  std::vector<Evidence> evidence;                // in any order
  std::optional<std::vector<LiveSession>> live;  // none: logind could not be asked
  std::string boot_id;                           // of the system as it runs now
  std::int64_t journal_begins_us = 0;            // the oldest entry; 0: not known
  std::vector<std::string> notes;                // what may be missing, and why
};

// How the login is known to be that of a caller.
enum class Identity {
  kPushedKey,  // by sshd's process, boot and time: certain
  kSeveral,    // the same, and the key was pushed by several callers at the time: one of them
  kUncertain,  // by the key alone, since our line names no process of sshd; or a key that was
               // offered before another method let the user in; or nothing shows that sshd wrote
               // the line of the login, and then there may be no caller
  kOtherKey,   // a key that our agent did not hand out, as far as the journal says
  kOtherWay,   // another method than publickey
  kNotLogged,  // it is open, and the log has no line of its login
};

enum class State { kOpen, kEnded, kUnknown };

struct Session {
  LoginAccepted login;
  Identity identity = Identity::kOtherKey;
  std::vector<Caller> callers;  // each once, in the order of the log
  State state = State::kUnknown;
  std::optional<std::int64_t> until_us;  // realtime; none: open, or not known
  std::string logind_id;                 // while it is open
};

// The longest time from our line to sshd's. sshd runs the agent for the signed attempt, so the run
// that lets the user in is that recent: LoginGraceTime is 120 s.
inline constexpr std::int64_t kLoginUsMax = 120'000'000;

// From the login to the session of logind, which sshd starts right after it has logged the login.
inline constexpr std::int64_t kOpeningUsMax = 60'000'000;

// Whether logind made its session for this login; logind's are all of the boot `boot_id`.
bool IsOf(const LiveSession& live, const LoginAccepted& login, const std::string& boot_id);

// One for each login, and one for each session that is open without a line, by the time of login.
std::vector<Session> Join(const Records& records);

}  // namespace eic::admin
