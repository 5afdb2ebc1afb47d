// The logins that the keeper serves: each an ssh, its key, and the agent that its forwarded
// connections go to.
//
// A login is known by the process of its ssh. Its key ends with its first agent connection, with
// ssh, and at the latest kPushedKeyTimeMax after it was pushed. A login without a key stays only
// where its ssh forwards connections, and then until that ssh has ended, and whatever took its
// session over
// (`ssh -f`, ControlPersist).
//
// Time is an argument. One thread.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "aws/failure.h"
#include "client/keeper/keeper_client.h"
#include "client/signing/agent_session.h"
#include "client/signing/one_time_key.h"
#include "client/system/linux_process.h"

namespace eic::client {

using TimePoint = std::chrono::steady_clock::time_point;

struct Login {
  std::uint64_t number = 0;  // never used twice
  KeyRequest request;
  std::optional<OneTimeKey> key;
  bool is_pushed = false;
  TimePoint key_ends;
  bool was_connected = false;           // its first agent connection was taken
  std::vector<ProcessWatch> processes;  // ssh; later those that hold its session as well
  std::string executable;               // of ssh
  std::vector<ino_t> sockets;           // that ssh held when it logged in

  bool Forwards() const { return !request.user_agent_socket.empty(); }
};

class KeyBook {
 public:
  // A fresh key for `request`, in the place of an older login of the same ssh, which `ssh` watches.
  // Fails with `NoRoom` for now, or `KeeperFailed`.
  aws::Outcome<KeptKey> Make(const KeyRequest& request, ProcessWatch ssh, TimePoint now);

  // The login of this process; null where there is none. Lives until the next call that is not
  // const.
  Login* Find(pid_t pid);
  Login* FindNumber(std::uint64_t number);

  // As Find, and a process that took over the session of a forwarding ssh is that login's from now
  // on.
  Login* FindOrAdopt(pid_t pid);

  static KeptKey Shown(const Login& login);
  static LoginTerms TermsOf(const Login& login);

  // False where the login has no key any more.
  static bool MarkPushed(Login& login, TimePoint now);
  // Takes down by what a successor of a forwarding ssh is known. While ssh waits for an answer: as
  // soon as it has logged in it may have gone to the background.
  static void NoteSession(Login& login);
  // The first agent connection has ended, or the login came to nothing.
  void DropKey(Login& login);
  void Remove(const Login& login);

  // Drops the keys whose time is over, and the logins whose processes have ended.
  void Sweep(TimePoint now);

  // When Sweep is due at the latest, as far as keys go; nothing without one.
  std::optional<TimePoint> NextEnd() const;
  bool IsEmpty() const { return logins_.empty(); }
  const std::vector<std::unique_ptr<Login>>& logins() const { return logins_; }

 private:
  std::uint64_t last_number_ = 0;
  std::vector<std::unique_ptr<Login>> logins_;
};

}  // namespace eic::client
