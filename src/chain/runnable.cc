#include "chain/runnable.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <string_view>

#include "host/chain_confinement.h"
#include "host/sshd_process.h"

namespace eic::chain {
namespace {

// sshd's compiled-in default, unless a distribution changes it; used if sshd gave none.
constexpr const char* kPathDefault = "/usr/bin:/bin:/usr/sbin:/sbin";

Outcome<Account> FindAccount(const std::string& name) {
  errno = 0;
  // cppcheck-suppress getpwnamCalled ; one thread
  const passwd* entry = getpwnam(name.c_str());
  if (entry == nullptr) {
    return Wrong{"`user`: " + name +
                 (errno == 0 ? " does not exist" : std::string(": ") + std::strerror(errno))};
  }
  return Account{entry->pw_name, entry->pw_uid, entry->pw_gid, entry->pw_dir};
}

std::vector<std::string> EnvironmentFor(const Account& account, const Inherited& inherited) {
  std::vector<std::string> environment = {"PATH=" + inherited.path, "USER=" + account.name,
                                          "LOGNAME=" + account.name, "HOME=" + account.home};
  if (!inherited.lang.empty()) environment.push_back("LANG=" + inherited.lang);
  return environment;
}

// By the name of its program: no other member gets more than sshd would have given it.
bool IsOurAgent(std::string_view program) {
  return program.substr(program.rfind('/') + 1) == "eic-authorized-keys";
}

// Borrowed: ends with the vector.
std::vector<char*> Pointers(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

// As sshd leaves them to its command: signals at their defaults. The keeper blocked the blocked
// ones; sshd's own mask did not have them.
void ResetSignals() {
  for (const int signal_number : {SIGPIPE, SIGXFSZ, SIGALRM, SIGTERM, SIGINT, SIGHUP, SIGCHLD}) {
    (void)std::signal(signal_number, SIG_DFL);
  }
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

// The order matters: after setresuid, the other calls would not be allowed.
bool BecomeUser(const Account& account) {
  return initgroups(account.name.c_str(), account.gid) == 0 &&
         setresgid(account.gid, account.gid, account.gid) == 0 &&
         setresuid(account.uid, account.uid, account.uid) == 0;
}

}  // namespace

Inherited InheritedFrom(char** environment) {
  Inherited inherited{kPathDefault, "", getppid()};
  for (; environment != nullptr && *environment != nullptr; ++environment) {
    const std::string_view entry = *environment;
    if (entry.substr(0, 5) == "PATH=") inherited.path = entry.substr(5);
    if (entry.substr(0, 5) == "LANG=") inherited.lang = entry.substr(5);
  }
  return inherited;
}

Outcome<Runnable> MakeRunnable(const Member& member, const TokenValues& values,
                               const Inherited& inherited) {
  const Outcome<Account> account = FindAccount(member.user);
  if (!account) return account.error();
  Runnable runnable;
  runnable.name = member.name;
  runnable.account = *account;
  runnable.becomes_another = account->uid != geteuid();
  if (runnable.becomes_another && geteuid() != 0) {
    return Wrong{"it must run as " + member.user +
                 ", which only root can do: set AuthorizedKeysCommandUser root"};
  }
  // Root's own groups may be whatever sshd's were; this sets them as sshd would for its command.
  runnable.becomes_another = runnable.becomes_another || geteuid() == 0;
  runnable.arguments.push_back(member.words.front());
  for (std::size_t i = 1; i < member.words.size(); ++i) {
    Outcome<std::string> word = Expand(member.words[i], values);
    if (!word) return word.error();
    runnable.arguments.push_back(*std::move(word));
  }
  runnable.environment = EnvironmentFor(*account, inherited);
  if (IsOurAgent(runnable.arguments.front())) {
    runnable.environment.push_back(std::string(kSshdPidVariable) + '=' +
                                   std::to_string(inherited.sshd));
  }
  runnable.time_limit = member.time_limit;
  runnable.is_confined = member.is_confined;
  return runnable;
}

void Become(const Runnable& runnable, int output, pid_t keeper) {
  // A group of its own, so that the keeper can end what the member started.
  (void)setpgid(0, 0);
  ResetSignals();
  const std::vector<char*> arguments = Pointers(runnable.arguments);
  const std::vector<char*> environment = Pointers(runnable.environment);
  if (dup2(output, STDOUT_FILENO) < 0) _exit(kCannotBecome);
  if (runnable.becomes_another && !BecomeUser(runnable.account)) _exit(kCannotBecome);
  // Not before: a change of credentials would undo it. The keeper may be gone by now.
  (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != keeper) _exit(kCannotBecome);
  if (runnable.is_confined) ConfineForExec();
  execve(arguments.front(), arguments.data(), environment.data());
  _exit(kCannotExecute);
}

}  // namespace eic::chain
