#include "client/ssh/run_ssh.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "aws/system/run_program.h"
#include "client/limits.h"

namespace eic::client {
namespace {

using Fate = ProgramEnd::Fate;

ProgramRun RunOf(const std::vector<std::string>& arguments) {
  ProgramRun run;
  run.argv = arguments;
  run.time_max = std::chrono::milliseconds(kSshAnswerMs);
  run.errors = ProgramRun::Errors::kCounted;
  run.output_bytes_max = kSshAnswerBytesMax;
  return run;
}

aws::Outcome<Ran> RanOf(const std::string& name, const ProgramEnd& end) {
  switch (end.fate) {
    case Fate::kNotFound:
      return aws::Failure{"NoProgram", "cannot run " + name + ": " + std::strerror(ENOENT),
                          "install OpenSSH's client and put it on PATH"};
    case Fate::kNotStarted:
      return aws::Failure{"NoProgram",
                          "cannot run " + name + ": " + std::strerror(end.error_number)};
    case Fate::kLate:
      return aws::Failure{
          "ProgramFailed",
          name + " did not answer within " + std::to_string(kSshAnswerMs / 1000) + " s",
          "check ~/.ssh/config for a Match exec that waits"};
    case Fate::kTooMuchOutput:
      return aws::Failure{"ProgramFailed", name + " printed too much"};
    case Fate::kLost:
      return aws::Failure{"ProgramFailed", "it is not known how " + name + " ended"};
    case Fate::kExited:
      break;
  }
  Ran ran{end.status, end.output, end.errors};
  // ssh ends its own lines as a terminal wants them.
  ran.errors.erase(std::remove(ran.errors.begin(), ran.errors.end(), '\r'), ran.errors.end());
  while (!ran.errors.empty() && ran.errors.back() == '\n') ran.errors.pop_back();
  return ran;
}

}  // namespace

aws::Outcome<Ran> RunSsh(const std::vector<std::string>& arguments) {
  return RunSshPrograms({arguments}).front();
}

std::vector<aws::Outcome<Ran>> RunSshPrograms(
    const std::vector<std::vector<std::string>>& programs) {
  std::vector<RunningProgram> running;
  running.reserve(programs.size());
  for (const auto& arguments : programs) running.emplace_back(RunOf(arguments));
  std::vector<aws::Outcome<Ran>> ran;
  ran.reserve(programs.size());
  for (std::size_t i = 0; i < programs.size(); ++i) {
    ran.push_back(RanOf(programs[i].front(), running[i].Finish()));
  }
  return ran;
}

}  // namespace eic::client
