// Runs a program for what it prints: no shell, a limit of time and of output.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "aws/limits.h"
#include "aws/system/descriptor.h"

namespace eic {

struct ProgramRun {
  // Standard input: /dev/null, or ours where it is a terminal, so that the program may ask its
  // person. Input of ours that is no terminal belongs to ssh, and the program gets /dev/null.
  enum class Input { kNothing, kTerminal };
  // Standard error: into ProgramEnd, where it counts as output or what is too much is dropped; to
  // where ours goes; or nowhere.
  enum class Errors { kCounted, kTaken, kOurs, kDropped };

  std::vector<std::string> argv;
  std::map<std::string, std::string> environment = {};  // added to ours
  std::chrono::milliseconds time_max{0};                // from the start to the end
  Input input = Input::kNothing;
  Errors errors = Errors::kTaken;
  std::size_t output_bytes_max = aws::kProgramOutputBytesMax;
  std::string file = {};  // the program; empty: argv[0]. Looked for in PATH if it has no slash
};

struct ProgramEnd {
  // kLost: somebody else has reaped it, or nobody could.
  enum class Fate { kExited, kNotFound, kNotStarted, kLate, kTooMuchOutput, kLost };
  Fate fate = Fate::kExited;
  int status = 0;  // as the shell has it: 128 and the signal for a death by signal
  std::string output = {};
  std::string errors = {};
  int error_number = 0;  // errno of kNotFound and kNotStarted
};

// A program that runs beside us, in our process group. Its signals are the default ones, though we
// ignore SIGPIPE. Where it takes or says too much, it is killed.
class RunningProgram {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  // Starts it. One that cannot be started has ended at once.
  explicit RunningProgram(const ProgramRun& run);
  RunningProgram(RunningProgram&& other) noexcept;
  RunningProgram& operator=(RunningProgram&&) = delete;
  RunningProgram(const RunningProgram&) = delete;
  RunningProgram& operator=(const RunningProgram&) = delete;
  // Kills it where it still runs, and reaps it.
  ~RunningProgram();

  // For poll(2), where the program's errors are not read: readable when HasEnded has something to
  // do, -1 once it has ended.
  int descriptor() const { return output_.get(); }
  // When it is killed at the latest.
  TimePoint ends() const { return ends_; }

  // Reads what is there. Waits only for the end of a program that has closed its output.
  bool HasEnded() { return Step(0); }
  // Waits for its end.
  const ProgramEnd& Finish();

 private:
  bool Step(int wait_ms);
  bool End(ProgramEnd::Fate fate);
  bool Reap();
  std::size_t RoomIn(const std::string& text) const;

  pid_t pid_ = -1;  // -1: it has ended
  TimePoint ends_;
  std::size_t output_bytes_max_;
  bool counts_errors_;
  Descriptor output_;
  Descriptor errors_;
  ProgramEnd end_;
};

// Runs it to its end.
ProgramEnd RunProgram(const ProgramRun& run);

}  // namespace eic
