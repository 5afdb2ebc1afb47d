#include "client/ssh/run_program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include "client/limits.h"

extern char** environ;

namespace eic::client {
namespace {

using Clock = std::chrono::steady_clock;

struct Pipe {
  int read_end = -1;
  int write_end = -1;

  bool Open() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return false;
    read_end = ends[0];
    write_end = ends[1];
    return true;
  }
};

void CloseIf(int* fd) {
  if (*fd >= 0) close(std::exchange(*fd, -1));
}

int Spawn(const std::vector<std::string>& arguments, const Pipe& output, const Pipe& errors,
          pid_t* pid) {
  std::vector<char*> words;
  words.reserve(arguments.size() + 1);
  for (const std::string& word : arguments) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  if (posix_spawn_file_actions_init(&actions) != 0) return ENOMEM;
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output.write_end, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, errors.write_end, STDERR_FILENO);
  // We ignore SIGPIPE; what we start does not.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t defaults;
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  const int error = posix_spawnp(pid, words[0], &actions, &attributes, words.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

// One read; the descriptor is closed at the end of what there is.
void ReadSome(int* fd, std::string* text) {
  std::array<char, 16 * 1024> chunk{};
  const ssize_t count = read(*fd, chunk.data(), chunk.size());
  if (count < 0 && errno == EINTR) return;
  if (count <= 0) {
    CloseIf(fd);
    return;
  }
  text->append(chunk.data(), static_cast<std::size_t>(count));
}

}  // namespace

RunningProgram::RunningProgram(std::string name, pid_t pid, int output, int errors)
    : name_(std::move(name)), pid_(pid), output_(output), errors_(errors) {}

RunningProgram::RunningProgram(RunningProgram&& other) noexcept
    : name_(std::move(other.name_)),
      pid_(std::exchange(other.pid_, -1)),
      output_(std::exchange(other.output_, -1)),
      errors_(std::exchange(other.errors_, -1)) {}

RunningProgram::~RunningProgram() { Kill(); }

void RunningProgram::Kill() {
  CloseIf(&output_);
  CloseIf(&errors_);
  if (pid_ < 0) return;
  kill(pid_, SIGKILL);
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
}

aws::Outcome<RunningProgram> RunningProgram::Start(const std::vector<std::string>& arguments) {
  Pipe output;
  Pipe errors;
  pid_t pid = -1;
  const bool has_pipes = output.Open() && errors.Open();
  const int error = has_pipes ? Spawn(arguments, output, errors, &pid) : errno;
  CloseIf(&output.write_end);
  CloseIf(&errors.write_end);
  RunningProgram running(arguments[0], error == 0 ? pid : -1, output.read_end, errors.read_end);
  if (error != 0) {
    return aws::Failure{"NoProgram", "cannot run " + arguments[0] + ": " + std::strerror(error),
                        error == ENOENT ? "install OpenSSH's client, and have it on PATH" : ""};
  }
  return running;
}

aws::Outcome<Ran> RunningProgram::Finish() {
  Ran ran;
  const Clock::time_point end = Clock::now() + std::chrono::milliseconds(kSshAnswerMs);
  while (output_ >= 0 || errors_ >= 0) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
    if (left.count() <= 0) {
      Kill();
      return aws::Failure{
          "ProgramFailed",
          name_ + " did not answer within " + std::to_string(kSshAnswerMs / 1000) + " s",
          "look for a Match exec in ~/.ssh/config that waits"};
    }
    pollfd waited[] = {{output_, POLLIN, 0}, {errors_, POLLIN, 0}};
    if (poll(waited, std::size(waited), static_cast<int>(left.count())) < 0) continue;
    if (waited[0].revents != 0) ReadSome(&output_, &ran.output);
    if (waited[1].revents != 0) ReadSome(&errors_, &ran.errors);
    if (ran.output.size() + ran.errors.size() > kSshAnswerBytesMax) {
      Kill();
      return aws::Failure{"ProgramFailed", name_ + " says too much"};
    }
  }
  int status = 0;
  pid_t reaped = -1;
  while ((reaped = waitpid(pid_, &status, 0)) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  if (reaped < 0) return aws::Failure{"ProgramFailed", "how " + name_ + " ended is not known"};
  // ssh ends its own lines as a terminal wants them.
  ran.errors.erase(std::remove(ran.errors.begin(), ran.errors.end(), '\r'), ran.errors.end());
  while (!ran.errors.empty() && ran.errors.back() == '\n') ran.errors.pop_back();
  ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return ran;
}

aws::Outcome<Ran> RunProgram(const std::vector<std::string>& arguments) {
  aws::Outcome<RunningProgram> running = RunningProgram::Start(arguments);
  if (!running) return running.error();
  return running->Finish();
}

}  // namespace eic::client
