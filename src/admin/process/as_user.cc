#include "admin/process/as_user.h"

#include <fcntl.h>
#include <grp.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <exception>
#include <string_view>

#include "admin/process/child.h"

namespace eic::admin {
namespace {

constexpr int kCannotBecome = 70;  // EX_SOFTWARE
constexpr int kWorkFailed = 71;

Failure Failed(const std::string& text) { return {ExitStatus::kFailed, "as-user-failed", text}; }

bool IsAlready(const Account& account) {
  return geteuid() != 0 && geteuid() == account.uid && getegid() == account.gid;
}

// The order matters: after setuid nothing of the rest would be allowed. initgroups asks NSS, as
// sshd does.
bool Become(const Account& account) {
  if (IsAlready(account)) return true;
  return initgroups(account.name.c_str(), account.gid) == 0 &&
         setresgid(account.gid, account.gid, account.gid) == 0 &&
         setresuid(account.uid, account.uid, account.uid) == 0;
}

void WriteAll(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(descriptor, text.data(), text.size());
    if (written < 0 && errno != EINTR) return;
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
}

// The child has one way out, its pipe: no terminal to type into, and no more rights by exec
// unless asked for.
[[noreturn]] void Work(const Account& account, const std::function<std::string()>& work,
                       SetUserId set_user_id, int descriptor) {
  setsid();
  const int null = open("/dev/null", O_RDWR);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) dup2(null, stream);
  if (!Become(account)) _exit(kCannotBecome);
  if (set_user_id == SetUserId::kIgnored && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    _exit(kCannotBecome);
  }
  try {
    WriteAll(descriptor, work());
  } catch (const std::exception&) {
    _exit(kWorkFailed);
  }
  _exit(0);
}

}  // namespace

Outcome<std::string> RunAsUser(const Account& account, const std::function<std::string()>& work,
                               std::chrono::milliseconds time_limit, SetUserId set_user_id) {
  ChildResult child = RunChild(
      [&](int output, int errors) {
        close(errors);
        Work(account, work, set_user_id, output);
      },
      time_limit, Excess::kEndsIt);
  switch (child.end) {
    case ChildResult::End::kNotStarted:
      return Failed(std::strerror(child.status));
    case ChildResult::End::kTooMuch:
      return Failed("what ran as " + account.name + " printed too much");
    case ChildResult::End::kTimedOut:
      return Failed("what ran as " + account.name + " did not finish in time");
    case ChildResult::End::kExited:
      if (child.status == 0) return std::move(child.output);
      if (child.status == kCannotBecome) return Failed("cannot become " + account.name);
      break;
    case ChildResult::End::kSignalled:
      break;
  }
  return Failed("what ran as " + account.name + " ended unexpectedly");
}

}  // namespace eic::admin
