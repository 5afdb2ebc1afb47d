#include "admin/process/program_runner.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

namespace eic::admin {
namespace {

using End = ProgramResult::End;

constexpr int kCannotExec = 126;

void ResetSignals() {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  (void)signal(SIGPIPE, SIG_DFL);
}

ProgramResult NotStarted(int error_number) {
  return {End::kNotStarted, 0, "", std::strerror(error_number)};
}

End EndOf(const ChildResult& child) {
  switch (child.end) {
    case ChildResult::End::kExited:
      return End::kExited;
    case ChildResult::End::kSignalled:
      return End::kSignalled;
    case ChildResult::End::kTimedOut:
    case ChildResult::End::kTooMuch:
      return End::kTimedOut;
    case ChildResult::End::kNotStarted:
      return End::kNotStarted;
  }
  return End::kNotStarted;
}

class RealRunner : public ProgramRunner {
 public:
  ProgramResult Run(const std::vector<std::string>& argv,
                    std::chrono::milliseconds time_limit) override {
    return RunForOutput(argv, time_limit, nullptr);
  }
};

}  // namespace

void BecomeProgram(const std::vector<std::string>& argv, const Streams& streams) {
  std::vector<char*> words;
  for (const std::string& word : argv) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  std::array<char, 64> path{"PATH=/usr/sbin:/usr/bin:/sbin:/bin"};
  std::array<char, 16> locale{"LC_ALL=C"};
  const std::array<char*, 3> environment{path.data(), locale.data(), nullptr};
  setpgid(0, 0);
  ResetSignals();
  if (streams.input >= 0 && dup2(streams.input, STDIN_FILENO) < 0) return;
  if (dup2(streams.output, STDOUT_FILENO) >= 0 && dup2(streams.errors, STDERR_FILENO) >= 0) {
    execve(words[0], words.data(), environment.data());
  }
}

ProgramResult RunForOutput(const std::vector<std::string>& argv,
                           std::chrono::milliseconds time_limit, const TakeOutput& take) {
  // errno of the exec that failed; closed by one that did not.
  std::array<int, 2> failure{};
  if (pipe2(failure.data(), O_CLOEXEC) != 0) return NotStarted(errno);
  ChildResult child = RunChild(
      [&](int output, int errors) {
        BecomeProgram(argv, {open("/dev/null", O_RDWR | O_CLOEXEC), output, errors});
        const int error_number = errno;
        (void)!write(failure[1], &error_number, sizeof error_number);
        _exit(kCannotExec);
      },
      time_limit, Excess::kIsDropped, take);
  close(failure[1]);
  int error_number = 0;
  const bool has_failed =
      read(failure[0], &error_number, sizeof error_number) == sizeof error_number;
  close(failure[0]);
  if (has_failed) return NotStarted(error_number);
  if (child.end == ChildResult::End::kNotStarted) return NotStarted(child.status);
  return {EndOf(child), child.status, std::move(child.output), std::move(child.errors)};
}

std::unique_ptr<ProgramRunner> MakeProgramRunner() { return std::make_unique<RealRunner>(); }

}  // namespace eic::admin
