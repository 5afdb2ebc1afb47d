#include "admin/as_user.h"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <exception>
#include <string_view>

#include "admin/limits.h"
#include "host/clock.h"

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

// The child has one way out, its pipe: no terminal to type into, no more rights by exec.
[[noreturn]] void Work(const Account& account, const std::function<std::string()>& work,
                       int descriptor) {
  setsid();
  const int null = open("/dev/null", O_RDWR);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) dup2(null, stream);
  if (!Become(account) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) _exit(kCannotBecome);
  try {
    WriteAll(descriptor, work());
  } catch (const std::exception&) {
    _exit(kWorkFailed);
  }
  _exit(0);
}

// Until the pipe is closed; false when it was too much or too late.
bool Collect(int descriptor, const Deadline& deadline, std::string* text) {
  for (;;) {
    pollfd polled{descriptor, POLLIN, 0};
    const int ready = poll(&polled, 1, static_cast<int>(deadline.TimeLeft().count()));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return false;
    std::array<char, 4096> bytes{};
    const ssize_t length = read(descriptor, bytes.data(), bytes.size());
    if (length < 0 && errno == EINTR) continue;
    if (length <= 0) return length == 0;
    text->append(bytes.data(), static_cast<std::size_t>(length));
    if (text->size() > kOutputBytesMax) return false;
  }
}

}  // namespace

Outcome<std::string> RunAsUser(const Account& account, const std::function<std::string()>& work,
                               std::chrono::milliseconds time_limit) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return Failed(std::strerror(errno));
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    Work(account, work, ends[1]);
  }
  close(ends[1]);
  std::string text;
  const bool is_whole = child > 0 && Collect(ends[0], Deadline::After(time_limit), &text);
  close(ends[0]);
  if (child < 0) return Failed(std::strerror(errno));
  if (!is_whole) {
    kill(-child, SIGKILL);  // its group: setsid made it the leader
    kill(child, SIGKILL);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!is_whole) return Failed("what runs as " + account.name + " was not done in time");
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return text;
  const bool cannot_become = WIFEXITED(status) && WEXITSTATUS(status) == kCannotBecome;
  return Failed(cannot_become ? "cannot become " + account.name
                              : "what ran as " + account.name + " ended unexpectedly");
}

}  // namespace eic::admin
