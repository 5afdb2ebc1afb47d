// Another program's answer: ssh about its configuration, ssh-keygen about known_hosts.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "aws/failure.h"

namespace eic::client {

struct Ran {
  int status = -1;  // as the shell has it: 128 and the signal for a death by signal
  std::string output;
  std::string errors;
};

// A program that runs beside us. It has /dev/null as its input.
class RunningProgram {
 public:
  // `arguments[0]` is searched for on PATH. Fails with `NoProgram`.
  static aws::Outcome<RunningProgram> Start(const std::vector<std::string>& arguments);

  RunningProgram(RunningProgram&& other) noexcept;
  RunningProgram& operator=(RunningProgram&&) = delete;
  RunningProgram(const RunningProgram&) = delete;
  RunningProgram& operator=(const RunningProgram&) = delete;
  // One that nobody waited for is killed.
  ~RunningProgram();

  // Reads until it ends. Fails with `ProgramFailed` where that takes longer than kSshAnswerMs or
  // says more than kSshAnswerBytesMax; it is killed then.
  aws::Outcome<Ran> Finish();

 private:
  RunningProgram(std::string name, pid_t pid, int output, int errors);
  void Kill();

  std::string name_;
  pid_t pid_;
  int output_;
  int errors_;
};

aws::Outcome<Ran> RunProgram(const std::vector<std::string>& arguments);

}  // namespace eic::client
