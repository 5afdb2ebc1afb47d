// A part of the work done as another user, in a child process: what that user can reach and read is
// what sshd's command can.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <string>

#include "admin/failure.h"

namespace eic::admin {

struct Account {
  std::string name;
  uid_t uid = 0;
  gid_t gid = 0;
};

// Whether a program that the work runs may get more rights by its own file, as a set-user-id one
// does: sshd lets its command.
enum class SetUserId { kIgnored, kHonoured };

// What `work` returns, run with this user's rights and groups, without a terminal. Fails with
// kFailed: the rights could not be given up, the child died, or it was not done in `time_limit`,
// when it is killed. The text comes from a process that reads hostile bytes: it is untrusted, and
// at most kOutputBytesMax bytes long.
Outcome<std::string> RunAsUser(const Account& account, const std::function<std::string()>& work,
                               std::chrono::milliseconds time_limit,
                               SetUserId set_user_id = SetUserId::kIgnored);

}  // namespace eic::admin
