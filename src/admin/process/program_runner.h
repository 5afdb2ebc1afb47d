// Running another program: no shell, a clean environment, a time limit, its output captured.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "admin/process/child.h"

namespace eic::admin {

struct ProgramResult {
  enum class End { kExited, kSignalled, kTimedOut, kNotStarted } end = End::kNotStarted;
  int status = 0;      // exit status or signal number
  std::string output;  // standard output
  std::string errors;  // standard error, or why it was not started

  bool Succeeded() const { return end == End::kExited && status == 0; }
};

class ProgramRunner {
 public:
  virtual ~ProgramRunner() = default;

  // argv[0] is the absolute path of the program. Returns when it has ended, at the latest after
  // `time_limit`, when it is killed.
  virtual ProgramResult Run(const std::vector<std::string>& argv,
                            std::chrono::milliseconds time_limit) = 0;
};

std::unique_ptr<ProgramRunner> MakeProgramRunner();

// For a child of one's own (admin/process/child.h): it becomes the program as Run() would start it,
// with these streams. Comes back only where that cannot be done, with errno.
struct Streams {
  int input;  // -1: left as it is
  int output;
  int errors;
};
void BecomeProgram(const std::vector<std::string>& argv, const Streams& streams);

// The same for a program whose output is too much to keep: `take` gets it piece by piece. kTimedOut
// also where `take` had enough.
ProgramResult RunForOutput(const std::vector<std::string>& argv,
                           std::chrono::milliseconds time_limit, const TakeOutput& take);

}  // namespace eic::admin
