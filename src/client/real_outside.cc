#include "client/real_outside.h"

#include <pwd.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <iostream>

#include "client/last_failure.h"
#include "client/limits.h"

namespace eic::client {
namespace {

constexpr std::size_t kPasswdBytesMax = 16384;

constexpr char kLate[] =
    "eic: ssh's ConnectTimeout passed before AWS answered\n"
    "eic: set a larger one, or run with -v to see what takes so long\n";

void OnLate(int) {
  (void)!write(STDERR_FILENO, kLate, sizeof(kLate) - 1);
  _exit(1);
}

}  // namespace

aws::Outcome<std::unique_ptr<aws::Api>> RealOutside::OpenApi(const aws::Settings& settings) {
  aws::Settings with_lock = settings;
  // Sixty logins at once ask for one MFA code.
  if (const aws::Outcome<Folder> folder = client::OpenFolder()) {
    with_lock.mfa_lock_path = folder->MfaLock();
  }
  return aws::OpenApi(with_lock, prompter_);
}

aws::Outcome<KeptKey> RealOutside::MakeKey(const Folder& folder, const KeyRequest& request) {
  return client::MakeKey(folder, request);
}

aws::Outcome<Nothing> RealOutside::MarkPushed(const Folder& folder, pid_t ssh_pid) {
  return client::MarkPushed(folder, ssh_pid);
}

void RealOutside::DropKey(const Folder& folder, pid_t ssh_pid) { client::DropKey(folder, ssh_pid); }

void RealOutside::RecordFailure(const Folder& folder, const std::string& target,
                                const aws::Failure& failure) {
  RecordLastFailure(folder, target, failure);
}

std::vector<aws::Outcome<Ran>> RealOutside::RunAll(
    const std::vector<std::vector<std::string>>& programs) {
  return RunSshPrograms(programs);
}

aws::Failure RealOutside::Become(const std::vector<std::string>& arguments) {
  std::vector<char*> words;
  words.reserve(arguments.size() + 1);
  for (const std::string& word : arguments) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  // An alarm, and an ignored signal, would outlive exec.
  (void)alarm(0);
  (void)signal(SIGPIPE, SIG_DFL);
  execvp(words[0], words.data());
  return {"NoProgram", "cannot run " + arguments[0] + ": " + std::strerror(errno),
          "install OpenSSH's client and put it on PATH"};
}

void RealOutside::EndAfter(int seconds) {
  (void)signal(SIGALRM, OnLate);
  (void)alarm(static_cast<unsigned>(seconds));
}

aws::Outcome<Folder> RealOutside::OpenFolder() { return client::OpenFolder(); }

std::string RealOutside::Environment(const std::string& name) const {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? "" : value;
}

aws::Outcome<std::string> RealOutside::HomeOfPasswd() const {
  std::vector<char> buffer(kPasswdBytesMax);
  passwd entry{};
  passwd* found = nullptr;
  const int error = getpwuid_r(geteuid(), &entry, buffer.data(), buffer.size(), &found);
  if (error != 0 || found == nullptr || found->pw_dir == nullptr || found->pw_dir[0] != '/') {
    return aws::Failure{"BadFolder", "this user has no home directory in the passwd database",
                        "give the user one: ssh looks there for its files"};
  }
  return std::string(found->pw_dir);
}

aws::Outcome<std::string> RealOutside::OwnProgram() const {
  // Linux; elsewhere another file of this name answers.
  std::array<char, PATH_MAX> path{};
  const ssize_t length = readlink("/proc/self/exe", path.data(), path.size());
  if (length <= 0 || static_cast<std::size_t>(length) >= path.size()) {
    return aws::Failure{"BadPath",
                        std::string("the path of eic is unknown: ") + std::strerror(errno),
                        "is /proc mounted?"};
  }
  return std::string(path.data(), static_cast<std::size_t>(length));
}

std::string RealOutside::StandardInput() {
  std::string text;
  std::array<char, 4096> chunk{};
  while (text.size() <= kPublicKeyBytesMax) {
    const ssize_t count = read(STDIN_FILENO, chunk.data(), chunk.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    text.append(chunk.data(), static_cast<std::size_t>(count));
  }
  return text;
}

pid_t RealOutside::Pid() const { return getpid(); }
pid_t RealOutside::ParentPid() const { return getppid(); }
std::ostream& RealOutside::Output() { return std::cout; }
std::ostream& RealOutside::Errors() { return std::cerr; }
bool RealOutside::IsErrorsTerminal() const { return isatty(STDERR_FILENO) == 1; }

std::size_t RealOutside::OutputColumns() const {
  winsize size{};
  if (isatty(STDOUT_FILENO) != 1 || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

}  // namespace eic::client
