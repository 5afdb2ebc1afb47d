#include "tests/fakes/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <stdexcept>
#include <thread>

namespace eic::fakes {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

struct Pipe {
  Pipe() {
    if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  }
  ~Pipe() {
    CloseRead();
    CloseWrite();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  void CloseRead() { Close(ends[0]); }
  void CloseWrite() { Close(ends[1]); }
  static void Close(int& end) {
    if (end >= 0) close(end);
    end = -1;
  }
  int ends[2] = {-1, -1};
};

std::vector<char*> Pointers(const std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  for (const std::string& text : strings) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

// Reads both pipes until they end, or `until`.
void Drain(Pipe& output, Pipe& errors, Clock::time_point until, Ended& ended) {
  while (output.ends[0] >= 0 || errors.ends[0] >= 0) {
    pollfd polled[2] = {{output.ends[0], POLLIN, 0}, {errors.ends[0], POLLIN, 0}};
    const auto left = std::chrono::duration_cast<milliseconds>(until - Clock::now()).count();
    if (left <= 0) return;
    if (poll(polled, 2, static_cast<int>(left)) <= 0) continue;
    for (int i = 0; i < 2; ++i) {
      if (polled[i].revents == 0) continue;
      char bytes[4096];
      const ssize_t length = read(polled[i].fd, bytes, sizeof bytes);
      std::string& text = i == 0 ? ended.output : ended.errors;
      if (length > 0) text.append(bytes, static_cast<std::size_t>(length));
      if (length <= 0) (i == 0 ? output : errors).CloseRead();
    }
  }
}

void Reap(pid_t child, Clock::time_point until, Ended& ended) {
  int status = 0;
  pid_t reaped = 0;
  while ((reaped = waitpid(child, &status, WNOHANG)) == 0 && Clock::now() < until) {
    std::this_thread::sleep_for(milliseconds(2));
  }
  if (reaped == 0) {
    ended.was_late = true;
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
  }
  ended.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// Root's rights are given up by system calls: the wrappers would look for the parent's threads.
void BecomeNobody() {
  constexpr long kNobody = 65534;
  if (geteuid() != 0) return;
  if (syscall(SYS_setgroups, 0, nullptr) != 0 ||
      syscall(SYS_setresgid, kNobody, kNobody, kNobody) != 0 ||
      syscall(SYS_setresuid, kNobody, kNobody, kNobody) != 0) {
    _exit(126);
  }
}

}  // namespace

Ended RunProgram(const ProgramSpec& spec) {
  const std::vector<char*> arguments = Pointers(spec.arguments);
  const std::vector<char*> environment = Pointers(spec.environment);
  Pipe output;
  Pipe errors;
  if (spec.reader_has_left) output.CloseRead();
  const Clock::time_point start = Clock::now();
  const Clock::time_point until = start + spec.time_max;
  // Opened as this user: the build may lie where nobody else can go.
  const int program = open(spec.program.c_str(), O_PATH | O_CLOEXEC);
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("no child");
  if (child == 0) {  // async-signal-safe calls only: the parent may have threads
    dup2(output.ends[1], STDOUT_FILENO);
    dup2(spec.errors_to_output ? output.ends[1] : errors.ends[1], STDERR_FILENO);
    const int nothing = open("/dev/null", O_RDONLY);
    dup2(nothing, STDIN_FILENO);
    if (nothing > STDERR_FILENO) close(nothing);
    for (const int descriptor : spec.closed_descriptors) close(descriptor);
    (void)signal(SIGPIPE, SIG_DFL);
    BecomeNobody();
    syscall(SYS_execveat, program, "", arguments.data(), environment.data(), AT_EMPTY_PATH);
    _exit(127);
  }
  close(program);
  output.CloseWrite();
  errors.CloseWrite();
  Ended ended;
  Drain(output, errors, until, ended);
  Reap(child, until, ended);
  ended.duration = std::chrono::duration_cast<milliseconds>(Clock::now() - start);
  return ended;
}

Ended RunForked(const std::function<void()>& body, milliseconds time_max) {
  const Clock::time_point start = Clock::now();
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("no child");
  if (child == 0) {
    body();
    _exit(0);
  }
  Ended ended;
  Reap(child, start + time_max, ended);
  ended.duration = std::chrono::duration_cast<milliseconds>(Clock::now() - start);
  return ended;
}

}  // namespace eic::fakes
