#include "admin/process/child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "admin/limits.h"
#include "host/clock.h"

namespace eic::admin {
namespace {

using End = ChildResult::End;

constexpr int kReturned = 72;  // EX_OSFILE: what it was to become could not be started
constexpr int kReapPauseMs = 2;

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

// What one read told.
enum class Heard { kMore, kEnd, kTooMuch };

Heard Drain(int descriptor, Excess excess, const TakeOutput& take, std::string* text) {
  std::array<char, 64 * 1024> bytes{};
  const ssize_t length = read(descriptor, bytes.data(), bytes.size());
  if (length < 0) return errno == EINTR || errno == EAGAIN ? Heard::kMore : Heard::kEnd;
  if (length == 0) return Heard::kEnd;
  if (take) {
    const std::string_view piece(bytes.data(), static_cast<std::size_t>(length));
    return take(piece) ? Heard::kMore : Heard::kTooMuch;
  }
  const std::size_t room = kOutputBytesMax - std::min(kOutputBytesMax, text->size());
  const auto count = static_cast<std::size_t>(length);
  text->append(bytes.data(), std::min(room, count));
  return count > room && excess == Excess::kEndsIt ? Heard::kTooMuch : Heard::kMore;
}

// Until both streams have ended: kExited. What stopped it otherwise.
End Collect(Pipe* output, Pipe* errors, const Deadline& deadline, Excess excess,
            const TakeOutput& take, ChildResult* result) {
  while (output->ends[0] >= 0 || errors->ends[0] >= 0) {
    if (deadline.HasPassed()) return End::kTimedOut;
    std::array<pollfd, 2> polled{{{output->ends[0], POLLIN, 0}, {errors->ends[0], POLLIN, 0}}};
    const int ready = poll(polled.data(), 2, static_cast<int>(deadline.TimeLeft().count()));
    if (ready < 0 && errno != EINTR) return End::kTimedOut;
    if (ready <= 0) continue;
    for (std::size_t i = 0; i < 2; ++i) {
      if (polled[i].revents == 0) continue;
      Pipe* const pipe = i == 0 ? output : errors;
      std::string* const text = i == 0 ? &result->output : &result->errors;
      const Heard heard = Drain(pipe->ends[0], excess, i == 0 ? take : nullptr, text);
      if (heard == Heard::kTooMuch) return End::kTooMuch;
      if (heard == Heard::kEnd) pipe->Close(0);
    }
  }
  return End::kExited;
}

// A child that has closed its streams may still run; it is not waited for beyond the deadline.
bool Reap(pid_t child, const Deadline& deadline, int* wait_status) {
  for (;;) {
    const pid_t reaped = waitpid(child, wait_status, WNOHANG);
    if (reaped == child) return true;
    if (reaped < 0 && errno != EINTR) return false;
    if (deadline.HasPassed()) return false;
    poll(nullptr, 0, kReapPauseMs);
  }
}

void Kill(pid_t child) {
  kill(-child, SIGKILL);
  kill(child, SIGKILL);
  int ignored = 0;
  while (waitpid(child, &ignored, 0) < 0 && errno == EINTR) {
  }
}

ChildResult NotStarted(int error_number) { return {End::kNotStarted, error_number, "", ""}; }

}  // namespace

ChildResult RunChild(const ChildWork& work, std::chrono::milliseconds time_limit, Excess excess,
                     const TakeOutput& take) {
  Pipe output;
  Pipe errors;
  if (!output.Open() || !errors.Open()) return NotStarted(errno);
  const Deadline deadline = Deadline::After(time_limit);
  const pid_t child = fork();
  if (child < 0) return NotStarted(errno);
  if (child == 0) {
    output.Close(0);
    errors.Close(0);
    work(output.ends[1], errors.ends[1]);
    _exit(kReturned);
  }
  output.Close(1);
  errors.Close(1);

  ChildResult result;
  int wait_status = 0;
  result.end = Collect(&output, &errors, deadline, excess, take, &result);
  if (result.end == End::kExited && !Reap(child, deadline, &wait_status)) {
    result.end = End::kTimedOut;
  }
  if (result.end != End::kExited) {
    Kill(child);
    return result;
  }
  const bool exited = WIFEXITED(wait_status);
  result.end = exited ? End::kExited : End::kSignalled;
  result.status = exited ? WEXITSTATUS(wait_status) : WTERMSIG(wait_status);
  return result;
}

ChildBeside::ChildBeside(const std::function<void()>& work) : child_(fork()) {
  if (child_ == 0) {
    setpgid(0, 0);
    work();
    _exit(kReturned);
  }
}

ChildBeside::~ChildBeside() {
  if (child_ > 0) Kill(child_);
}

bool ChildBeside::EndsWithin(std::chrono::milliseconds time_limit) {
  int ignored = 0;
  if (child_ > 0 && !Reap(child_, Deadline::After(time_limit), &ignored)) return false;
  child_ = -1;
  return true;
}

}  // namespace eic::admin
