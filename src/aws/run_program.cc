#include "aws/run_program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>

#include "aws/limits.h"

extern char** environ;  // NOLINT: POSIX's name

namespace eic::aws {
namespace {

using Clock = std::chrono::steady_clock;
using Fate = ProgramEnd::Fate;

constexpr int kCannotExec = 126;

// One end for the child to write to, one for us to read from.
struct Pipe {
  std::array<int, 2> ends{-1, -1};

  bool Open() { return pipe2(ends.data(), O_CLOEXEC) == 0; }
  void Close(std::size_t end) {
    if (ends[end] >= 0) close(ends[end]);
    ends[end] = -1;
  }
  Pipe() = default;
  ~Pipe() {
    Close(0);
    Close(1);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
};

struct Pipes {
  Pipe output;
  Pipe errors;
  Pipe failure;  // the errno of an exec that failed

  bool Open() { return output.Open() && errors.Open() && failure.Open(); }
};

// Our environment with `added` in it, as execvpe takes it.
std::vector<std::string> EnvironmentWith(const std::map<std::string, std::string>& added) {
  std::vector<std::string> lines;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view line(*entry);
    if (added.count(std::string(line.substr(0, line.find('=')))) == 0) lines.emplace_back(line);
  }
  for (const auto& [name, value] : added)
    lines.push_back(std::string(name).append("=").append(value));
  return lines;
}

std::vector<char*> Pointers(std::vector<std::string>& lines) {
  std::vector<char*> pointers;
  for (std::string& line : lines) pointers.push_back(line.data());
  pointers.push_back(nullptr);
  return pointers;
}

// Between fork and exec.
[[noreturn]] void Become(char* const* argv, char* const* environment, const Pipes& pipes) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  (void)signal(SIGPIPE, SIG_DFL);
  if (isatty(STDIN_FILENO) != 1) {
    const int null = open("/dev/null", O_RDONLY);
    if (null >= 0) dup2(null, STDIN_FILENO);
  }
  if (dup2(pipes.output.ends[1], STDOUT_FILENO) >= 0 &&
      dup2(pipes.errors.ends[1], STDERR_FILENO) >= 0) {
    execvpe(argv[0], argv, environment);
  }
  const int error_number = errno;
  (void)!write(pipes.failure.ends[1], &error_number, sizeof error_number);
  _exit(kCannotExec);
}

// Takes what there is; false at the end of it. What goes beyond the limit is dropped, and told of.
bool Drain(int descriptor, std::string* text, bool* is_too_much) {
  std::array<char, 4096> bytes{};
  const ssize_t length = read(descriptor, bytes.data(), bytes.size());
  if (length < 0) return errno == EINTR || errno == EAGAIN;
  if (length == 0) return false;
  const auto room = kProgramOutputBytesMax - text->size();
  if (static_cast<std::size_t>(length) > room) *is_too_much = true;
  text->append(bytes.data(), std::min(room, static_cast<std::size_t>(length)));
  return true;
}

int TimeLeftMs(Clock::time_point end) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 1000));
}

// Until both streams have ended.
Fate Collect(Pipes& pipes, Clock::time_point end, ProgramEnd* result) {
  bool is_too_much = false;
  bool ignored = false;
  Pipe& output = pipes.output;
  Pipe& errors = pipes.errors;
  while (output.ends[0] >= 0 || errors.ends[0] >= 0) {
    if (Clock::now() >= end) return Fate::kLate;
    std::array<pollfd, 2> polled{{{output.ends[0], POLLIN, 0}, {errors.ends[0], POLLIN, 0}}};
    const int ready = poll(polled.data(), polled.size(), TimeLeftMs(end));
    if (ready < 0 && errno != EINTR) return Fate::kNotStarted;
    if (ready <= 0) continue;
    if (polled[0].revents != 0 && !Drain(output.ends[0], &result->output, &is_too_much)) {
      output.Close(0);
    }
    if (polled[1].revents != 0 && !Drain(errors.ends[0], &result->errors, &ignored)) {
      errors.Close(0);
    }
    if (is_too_much) return Fate::kTooMuchOutput;
  }
  return Fate::kExited;
}

// A child that has closed its streams may still run: it has until `end`.
bool Reap(pid_t child, Clock::time_point end, int* wait_status) {
  for (;;) {
    const pid_t reaped = waitpid(child, wait_status, WNOHANG);
    if (reaped == child) return true;
    if (reaped < 0 && errno != EINTR) return false;
    if (Clock::now() >= end) return false;
    poll(nullptr, 0, 2);
  }
}

void Kill(pid_t child) {
  kill(child, SIGKILL);
  int ignored = 0;
  while (waitpid(child, &ignored, 0) < 0 && errno == EINTR) {
  }
}

int StatusOf(int wait_status) {
  return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}

}  // namespace

ProgramEnd RunProgram(const ProgramRun& run) {
  ProgramEnd result;
  Pipes pipes;
  if (run.argv.empty() || !pipes.Open()) return {Fate::kNotStarted};
  std::vector<std::string> words = run.argv;
  std::vector<std::string> lines = EnvironmentWith(run.environment);
  const std::vector<char*> argv = Pointers(words);
  const std::vector<char*> environment = Pointers(lines);
  const Clock::time_point end = Clock::now() + run.time_max;
  const pid_t child = fork();
  if (child < 0) return {Fate::kNotStarted};
  if (child == 0) Become(argv.data(), environment.data(), pipes);
  pipes.output.Close(1);
  pipes.errors.Close(1);
  pipes.failure.Close(1);

  int exec_error = 0;
  ssize_t told = 0;
  do {
    told = read(pipes.failure.ends[0], &exec_error, sizeof exec_error);
  } while (told < 0 && errno == EINTR);
  if (told == sizeof exec_error) {
    Kill(child);
    return {exec_error == ENOENT ? Fate::kNotFound : Fate::kNotStarted};
  }
  result.fate = Collect(pipes, end, &result);
  int wait_status = 0;
  if (result.fate == Fate::kExited && !Reap(child, end, &wait_status)) result.fate = Fate::kLate;
  if (result.fate != Fate::kExited) {
    Kill(child);
    return result;
  }
  result.status = StatusOf(wait_status);
  return result;
}

}  // namespace eic::aws
