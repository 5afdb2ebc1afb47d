// What the ssh that runs this proxy was told, by its command line and its files: `ssh -G` with its
// own arguments answers that. It runs beside everything else, and is read when it is done.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/system/run_program.h"

namespace eic::client {

struct SshAnswers {
  std::optional<std::chrono::seconds> connect_timeout;  // none: no limit
  bool forwards_agent = false;  // that of SSH_AUTH_SOCK; a path of its own is not ours to know
  bool keeps_alive = true;      // TCPKeepAlive
};

// Reads the output of `ssh -G`. What it does not say stays as above.
SshAnswers ParseSshAnswers(std::string_view output);

// The command line of a running ssh, made to a question: `-G` before everything else. Nothing where
// it is not ssh that runs: another program would take `-G` for who knows what.
std::optional<std::vector<std::string>> QuestionTo(const std::string& executable,
                                                   const std::vector<std::string>& arguments);

class AskedOfSsh {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  // Asks. Where that is not possible the answers are there at once, as if ssh were told nothing.
  explicit AskedOfSsh(pid_t ssh_pid);

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
