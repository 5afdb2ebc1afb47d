#include "aws/system/run_program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <string_view>
#include <utility>

extern char** environ;  // NOLINT: POSIX's name

namespace eic {
namespace {

using Clock = std::chrono::steady_clock;
using Fate = ProgramEnd::Fate;

// One end for the program to write to, one for us to read from.
struct Pipe {
  Descriptor reader;
  Descriptor writer;

  bool Open() {
    std::array<int, 2> ends{-1, -1};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) return false;
    reader = Descriptor(ends[0]);
    writer = Descriptor(ends[1]);
    return true;
  }
};

// What posix_spawn is told of the new process.
class Spawn {
 public:
  Spawn() {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
    sigset_t signals;
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes_, &signals);
    sigaddset(&signals, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes_, &signals);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~Spawn() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  Spawn(const Spawn&) = delete;
  Spawn& operator=(const Spawn&) = delete;

  void Give(int ours, int standard) { posix_spawn_file_actions_adddup2(&actions_, ours, standard); }
  void GiveNull(int standard, int mode) {
    posix_spawn_file_actions_addopen(&actions_, standard, "/dev/null", mode, 0);
  }
  // 0, or an errno.
  int Run(const std::string& file, char* const* argv, char* const* environment, pid_t* pid) const {
    return posix_spawnp(pid, file.c_str(), &actions_, &attributes_, argv, environment);
  }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

// Our environment with `added` in it, as posix_spawn takes it.
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
  pointers.reserve(lines.size() + 1);
  for (std::string& line : lines) pointers.push_back(line.data());
  pointers.push_back(nullptr);
  return pointers;
}

// 0, or an errno.
int Start(const ProgramRun& run, const Pipe& output, const Pipe& errors, pid_t* pid) {
  if (run.argv.empty()) return EINVAL;
  Spawn spawn;
  const bool keeps_input = run.input == ProgramRun::Input::kTerminal && isatty(STDIN_FILENO) == 1;
  if (!keeps_input) spawn.GiveNull(STDIN_FILENO, O_RDONLY);
  spawn.Give(output.writer.get(), STDOUT_FILENO);
  if (errors.writer) spawn.Give(errors.writer.get(), STDERR_FILENO);
  if (run.errors == ProgramRun::Errors::kDropped) spawn.GiveNull(STDERR_FILENO, O_WRONLY);
  std::vector<std::string> words = run.argv;
  std::vector<std::string> lines = EnvironmentWith(run.environment);
  const std::string& file = run.file.empty() ? run.argv[0] : run.file;
  return spawn.Run(file, Pointers(words).data(), Pointers(lines).data(), pid);
}

// Takes what one read gives, and closes `pipe` at the end of it. False where it is more than there
// is room for: the rest is dropped.
bool Drain(Descriptor* pipe, std::size_t room, std::string* text) {
  std::array<char, 16384> bytes{};
  const ssize_t got = read(pipe->get(), bytes.data(), bytes.size());
  if (got < 0 && (errno == EINTR || errno == EAGAIN)) return true;
  if (got <= 0) {
    pipe->Close();
    return true;
  }
  text->append(bytes.data(), std::min(room, static_cast<std::size_t>(got)));
  return static_cast<std::size_t>(got) <= room;
}

int MillisecondsUntil(Clock::time_point end) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 1000));
}

int StatusOf(int wait_status) {
  return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}

}  // namespace

RunningProgram::RunningProgram(const ProgramRun& run)
    : ends_(Clock::now() + run.time_max),
      output_bytes_max_(run.output_bytes_max),
      counts_errors_(run.errors == ProgramRun::Errors::kCounted) {
  Pipe output;
  Pipe errors;
  const bool reads_errors = counts_errors_ || run.errors == ProgramRun::Errors::kTaken;
  const bool has_pipes = output.Open() && (!reads_errors || errors.Open());
  end_.error_number = has_pipes ? Start(run, output, errors, &pid_) : errno;
  if (end_.error_number != 0) {
    pid_ = -1;
    end_.fate = end_.error_number == ENOENT ? Fate::kNotFound : Fate::kNotStarted;
    return;
  }
  output_ = std::move(output.reader);
  errors_ = std::move(errors.reader);
}

RunningProgram::RunningProgram(RunningProgram&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      ends_(other.ends_),
      output_bytes_max_(other.output_bytes_max_),
      counts_errors_(other.counts_errors_),
      output_(std::move(other.output_)),
      errors_(std::move(other.errors_)),
      end_(std::move(other.end_)) {}

RunningProgram::~RunningProgram() {
  if (pid_ > 0) End(Fate::kLate);
}

// Kills it. True, as Step has it.
bool RunningProgram::End(Fate fate) {
  end_.fate = fate;
  output_.Close();
  errors_.Close();
  kill(pid_, SIGKILL);
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) continue;
  pid_ = -1;
  return true;
}

// What has closed its output may still run.
bool RunningProgram::Reap() {
  constexpr useconds_t kPauseMaxUs = 2000;
  int wait_status = 0;
  for (useconds_t pause_us = 50;; pause_us = std::min(2 * pause_us, kPauseMaxUs)) {
    const pid_t reaped = waitpid(pid_, &wait_status, WNOHANG);
    if (reaped == pid_) break;
    if (reaped < 0 && errno != EINTR) {
      pid_ = -1;
      end_.fate = Fate::kLost;
      return true;
    }
    if (Clock::now() >= ends_) return End(Fate::kLate);
    usleep(pause_us);
  }
  pid_ = -1;
  end_.status = StatusOf(wait_status);
  return true;
}

// How much more `text` may take.
std::size_t RunningProgram::RoomIn(const std::string& text) const {
  const std::size_t taken = counts_errors_ ? end_.output.size() + end_.errors.size() : text.size();
  return output_bytes_max_ - taken;
}

// Reads what comes within `wait_ms`. True once the program has ended.
bool RunningProgram::Step(int wait_ms) {
  if (pid_ < 0) return true;
  if (Clock::now() >= ends_) return End(Fate::kLate);
  std::array<pollfd, 2> polled{{{output_.get(), POLLIN, 0}, {errors_.get(), POLLIN, 0}}};
  (void)poll(polled.data(), polled.size(), wait_ms);
  if (polled[0].revents != 0 && !Drain(&output_, RoomIn(end_.output), &end_.output)) {
    return End(Fate::kTooMuchOutput);
  }
  if (polled[1].revents != 0 && !Drain(&errors_, RoomIn(end_.errors), &end_.errors) &&
      counts_errors_) {
    return End(Fate::kTooMuchOutput);
  }
  return !output_ && !errors_ && Reap();
}

const ProgramEnd& RunningProgram::Finish() {
  while (!Step(MillisecondsUntil(ends_))) continue;
  return end_;
}

ProgramEnd RunProgram(const ProgramRun& run) { return RunningProgram(run).Finish(); }

}  // namespace eic
