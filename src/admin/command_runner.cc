#include "admin/command_runner.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "admin/limits.h"
#include "host/clock.h"

namespace eic::admin {
namespace {

constexpr int kCannotExec = 126;

// One end for the child to write to, one for us to read from.
struct Pipe {
  std::array<int, 2> ends{-1, -1};

  bool Open() { return pipe2(ends.data(), O_CLOEXEC) == 0; }
  void Close(std::size_t end) {
    if (ends[end] >= 0) close(ends[end]);
    ends[end] = -1;
  }
  ~Pipe() {
    Close(0);
    Close(1);
  }
};

void ResetSignals() {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  (void)signal(SIGPIPE, SIG_DFL);
}

// Between fork and exec: only what a signal handler may call.
[[noreturn]] void Become(char* const* argv, char* const* environment, const Pipe& out,
                         const Pipe& errors, int failure_pipe) {
  setpgid(0, 0);
  ResetSignals();
  const int null = open("/dev/null", O_RDWR);
  if (null >= 0) dup2(null, STDIN_FILENO);
  if (dup2(out.ends[1], STDOUT_FILENO) >= 0 && dup2(errors.ends[1], STDERR_FILENO) >= 0) {
    execve(argv[0], argv, environment);
  }
  const int error_number = errno;
  (void)!write(failure_pipe, &error_number, sizeof error_number);
  _exit(kCannotExec);
}

// Reads what there is; false at the end of it.
bool Drain(int descriptor, std::string* text) {
  std::array<char, 4096> bytes{};
  const ssize_t length = read(descriptor, bytes.data(), bytes.size());
  if (length < 0) return errno == EINTR || errno == EAGAIN;
  if (length == 0) return false;
  const auto room = kOutputBytesMax - std::min(kOutputBytesMax, text->size());
  text->append(bytes.data(), std::min(room, static_cast<std::size_t>(length)));
  return true;
}

// Until both streams have ended or the time is up; false in the latter case.
bool Collect(Pipe* out, Pipe* errors, const Deadline& deadline, CommandResult* result) {
  while (out->ends[0] >= 0 || errors->ends[0] >= 0) {
    if (deadline.HasPassed()) return false;
    std::array<pollfd, 2> polled{{{out->ends[0], POLLIN, 0}, {errors->ends[0], POLLIN, 0}}};
    const int ready = poll(polled.data(), 2, static_cast<int>(deadline.TimeLeft().count()));
    if (ready < 0 && errno != EINTR) return false;
    if (ready <= 0) continue;
    if (polled[0].revents != 0 && !Drain(out->ends[0], &result->output)) out->Close(0);
    if (polled[1].revents != 0 && !Drain(errors->ends[0], &result->errors)) errors->Close(0);
  }
  return true;
}

// A child that has closed its streams may still run; it is not waited for beyond the deadline.
bool Reap(pid_t child, const Deadline& deadline, int* wait_status) {
  for (;;) {
    const pid_t reaped = waitpid(child, wait_status, WNOHANG);
    if (reaped == child) return true;
    if (reaped < 0 && errno != EINTR) return false;
    if (deadline.HasPassed()) return false;
    poll(nullptr, 0, 2);
  }
}

void Kill(pid_t child) {
  kill(-child, SIGKILL);
  kill(child, SIGKILL);
  int ignored = 0;
  while (waitpid(child, &ignored, 0) < 0 && errno == EINTR) {
  }
}

class RealRunner : public CommandRunner {
 public:
  CommandResult Run(const std::vector<std::string>& argv,
                    std::chrono::milliseconds time_limit) override {
    CommandResult result;
    Pipe out;
    Pipe errors;
    Pipe failure;
    if (!out.Open() || !errors.Open() || !failure.Open()) return NotStarted(errno);

    std::vector<char*> words;
    for (const std::string& word : argv) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    std::array<char, 64> path{"PATH=/usr/sbin:/usr/bin:/sbin:/bin"};
    std::array<char, 16> locale{"LC_ALL=C"};
    std::array<char*, 3> environment{path.data(), locale.data(), nullptr};

    const Deadline deadline = Deadline::After(time_limit);
    const pid_t child = fork();
    if (child < 0) return NotStarted(errno);
    if (child == 0) Become(words.data(), environment.data(), out, errors, failure.ends[1]);
    out.Close(1);
    errors.Close(1);
    failure.Close(1);
    return Await(child, deadline, &out, &errors, &failure);
  }

 private:
  static CommandResult NotStarted(int error_number) {
    CommandResult result;
    result.errors = std::strerror(error_number);
    return result;
  }

  static CommandResult Await(pid_t child, const Deadline& deadline, Pipe* out, Pipe* errors,
                             Pipe* failure) {
    CommandResult result;
    int wait_status = 0;
    if (!Collect(out, errors, deadline, &result) || !Reap(child, deadline, &wait_status)) {
      Kill(child);
      result.end = CommandResult::End::kTimedOut;
      return result;
    }
    int error_number = 0;
    if (read(failure->ends[0], &error_number, sizeof error_number) == sizeof error_number) {
      return NotStarted(error_number);
    }
    const bool exited = WIFEXITED(wait_status);
    result.end = exited ? CommandResult::End::kExited : CommandResult::End::kSignalled;
    result.status = exited ? WEXITSTATUS(wait_status) : WTERMSIG(wait_status);
    return result;
  }
};

}  // namespace

std::unique_ptr<CommandRunner> MakeCommandRunner() { return std::make_unique<RealRunner>(); }

}  // namespace eic::admin
