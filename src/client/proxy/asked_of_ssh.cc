#include "client/proxy/asked_of_ssh.h"

#include <algorithm>

#include "client/proxy/limits.h"
#include "client/system/linux_process.h"

namespace eic::client {

std::optional<std::vector<std::string>> QuestionTo(const std::string& executable,
                                                   const std::vector<std::string>& arguments) {
  const std::size_t slash = executable.rfind('/');
  const std::string name = executable.substr(slash == std::string::npos ? 0 : slash + 1);
  // `ssh`, `ssh-9.9`, `ssh (deleted)` after an upgrade; not `sshd`, `ssh-agent`, `ssh-keygen`.
  const std::string end = name.substr(std::min<std::size_t>(name.size(), 3));
  const bool is_ssh = name.compare(0, 3, "ssh") == 0 &&
                      (end.empty() || end[0] == ' ' || end[0] == '.' ||
                       (end.size() > 1 && end[0] == '-' && end[1] >= '0' && end[1] <= '9'));
  if (!is_ssh || arguments.empty()) return std::nullopt;
  std::vector<std::string> question = arguments;
  question.insert(question.begin() + 1, "-G");
  return question;
}

AskedOfSsh::AskedOfSsh(pid_t ssh_pid, const std::optional<SshAnswers>& known)
    : answers_(known.value_or(SshAnswers())) {
  if (known) return;
  const std::optional<std::string> executable = ExecutableOf(ssh_pid);
  const std::optional<std::vector<std::string>> arguments = ArgumentsOf(ssh_pid);
  if (!executable || !arguments) return;
  const std::optional<std::vector<std::string>> question = QuestionTo(*executable, *arguments);
  if (!question) return;
  ProgramRun run;
  run.argv = *question;
  run.time_max = kSshAnswersTimeMax;
  run.errors = ProgramRun::Errors::kDropped;
  run.output_bytes_max = kSshAnswersBytesMax;
  // Of /proc, so that an ssh that was replaced on the disk is still the one that runs.
  run.file = "/proc/" + std::to_string(ssh_pid) + "/exe";
  ssh_.emplace(run);
}

void AskedOfSsh::Look() {
  if (ssh_ && ssh_->HasEnded()) Answers();
}

const SshAnswers& AskedOfSsh::Answers() {
  if (!ssh_) return answers_;
  const ProgramEnd& end = ssh_->Finish();
  const bool is_answered = end.fate == ProgramEnd::Fate::kExited && end.status == 0;
  if (is_answered) answers_ = ParseSshAnswers(end.output);
  ssh_.reset();
  return answers_;
}

}  // namespace eic::client
