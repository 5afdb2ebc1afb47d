// What the ssh that runs this proxy was told, by its command line and its files: `ssh -G` with its
// own arguments answers that. It runs beside everything else, and is read when it is done; a
// wrapper that has asked already passes the answers on in one word.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "aws/system/run_program.h"
#include "client/ssh/ssh_answers.h"

namespace eic::client {

// The command line of a running ssh, made to a question: `-G` before everything else. Nothing where
// it is not ssh that runs: another program would take `-G` for who knows what.
std::optional<std::vector<std::string>> QuestionTo(const std::string& executable,
                                                   const std::vector<std::string>& arguments);

class AskedOfSsh {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  // Asks, where nobody has: `known`. Where that is not possible the answers are there at once, as
  // if ssh were told nothing.
  AskedOfSsh(pid_t ssh_pid, const std::optional<SshAnswers>& known);

  // For poll(2): -1 once there are answers.
  int descriptor() const { return ssh_ ? ssh_->descriptor() : -1; }
  // Reads what is there, and gives up at kSshAnswersTimeMax.
  void Look();
  bool IsAnswered() const { return !ssh_; }
  // When it gives up; only where it is not answered.
  TimePoint ends() const { return ssh_->ends(); }
  // Waits for them.
  const SshAnswers& Answers();

 private:
  std::optional<RunningProgram> ssh_;  // until it has answered
  SshAnswers answers_;
};

}  // namespace eic::client
