#include "admin/doctor/checks/slot_wrapper.h"

#include <pwd.h>
#include <sys/prctl.h>

#include <sstream>

#include "admin/doctor/checks/command.h"
#include "admin/doctor/command_words.h"
#include "admin/files/file_system.h"
#include "admin/files/tree.h"
#include "admin/limits.h"
#include "admin/process/as_user.h"
#include "admin/slot/agent_command.h"
#include "admin/slot/owner.h"
#include "core/ssh_public_key.h"

namespace eic::admin {
namespace {

// Which of our programs the file names; empty: none of them. A program that is no script may hold
// the path just as well.
std::string NamedIn(const std::string& file) {
  const Outcome<Contents> text = ReadWhole(file);
  if (!text || !*text) return "";
  for (const std::string_view path : {kAgentPath, kChainPath}) {
    if ((*text)->find(path) != std::string::npos) return std::string(path);
  }
  return "";
}

constexpr const char* kEnv = "/usr/bin/env";

std::string HomeOf(const std::string& name) {
  // cppcheck-suppress getpwnamCalled ; one thread
  const passwd* entry = getpwnam(name.c_str());
  return entry == nullptr ? "/" : entry->pw_dir;
}

// What sshd would read of it; fails with why it would read nothing.
Outcome<std::string> Printed(const Outside& outside, const std::vector<std::string>& argv,
                             const std::string& user, SetUserId set_user_id) {
  const std::optional<Account> account = FindAccount(user);
  if (!account) return Failure{ExitStatus::kFailed, "no-user", "there is no user " + user};
  // As sshd sets them for its command.
  std::vector<std::string> with_environment = {
      kEnv, "USER=" + account->name, "LOGNAME=" + account->name, "HOME=" + HomeOf(account->name)};
  with_environment.insert(with_environment.end(), argv.begin(), argv.end());
  // `+` or, where the run failed, `-`, and behind it what it printed.
  const auto run = [&](ProgramRunner& runner) {
    const ProgramResult result = runner.Run(with_environment, kProgramOfUserTimeMax);
    return result.Succeeded() ? "+" + result.output : "-" + result.errors;
  };
  const Outcome<std::string> output =
      account->uid == 0
          ? Outcome<std::string>(run(outside.runner))
          : RunAsUser(
                *account, [&] { return run(*MakeProgramRunner()); }, kAsUserTimeMax, set_user_id);
  if (!output) return output.error();
  if (output->substr(0, 1) == "+") return output->substr(1);
  return Failure{ExitStatus::kFailed, "not-run", argv.front() + " failed"};
}

// The first key that ours prints for this login.
Outcome<SshPublicKey> LiveKey(const Outside& outside, const std::string& login) {
  const Outcome<std::string> printed =
      Printed(outside, {std::string(kAgentPath), "--log-to", "stderr", "--", login},
              std::string(kWantedUser), SetUserId::kIgnored);
  if (!printed) return printed.error();
  std::istringstream lines(*printed);
  std::string line;
  std::getline(lines, line);
  Result<SshPublicKey> key = ParseSshPublicKey(line);
  if (!key) return Failure{ExitStatus::kFailed, "no-key", "no key is live for " + login};
  return *std::move(key);
}

void Ask(const Outside& outside, const std::string& command, const std::string& command_user,
         const std::string& login, FingerprintHash hash, Wrapper* wrapper) {
  if (login.empty()) {
    wrapper->why_not_asked = "no --user was given";
    return;
  }
  // cppcheck-suppress getpwnamCalled ; one thread
  const passwd* user = getpwnam(login.c_str());
  if (user == nullptr) {
    wrapper->why_not_asked = "there is no user " + login;
    return;
  }
  const LoginOf login_of{user->pw_name, user->pw_dir, std::to_string(user->pw_uid)};
  const Outcome<SshPublicKey> key = LiveKey(outside, login_of.name);
  const Result<std::string> fingerprint =
      key ? FingerprintOf(*key, hash) : Result<std::string>(std::string());
  if (!key || !fingerprint) {
    wrapper->why_not_asked = key ? "OpenSSL gives no fingerprint" : key.error().text;
    return;
  }
  const std::string line = AuthorizedKeysLine(*key);
  const std::string base64 = line.substr(line.find(' ') + 1);
  // It may use sudo, and sshd would let it.
  const Outcome<std::string> printed =
      Printed(outside, WordsFor(command, login_of, {*fingerprint, key->type->name, base64}),
              command_user, SetUserId::kHonoured);
  if (!printed) {
    wrapper->why_not_asked = printed.error().text;
    return;
  }
  wrapper->prints_ours = printed->find(base64) != std::string::npos;
  if (wrapper->prints_ours) return;
  // The key may have ended meanwhile.
  const Outcome<SshPublicKey> again = LiveKey(outside, login_of.name);
  if (!again || again->wire != key->wire) {
    wrapper->why_not_asked = "the live key of " + login + " expired during the run";
  }
}

}  // namespace

std::optional<Wrapper> LookAtWrapper(const Outside& outside, const std::string& command,
                                     const std::string& user, const std::string& login,
                                     FingerprintHash hash) {
  Wrapper wrapper;
  wrapper.names = NamedIn(outside.layout.Real(ProgramOf(command)));
  if (wrapper.names.empty()) return std::nullopt;
  wrapper.why_refused = LookAtProgram(outside.layout, command).WhyRefused();
  if (!wrapper.why_refused.empty()) return wrapper;
  const std::string ours = LookAtProgram(outside.layout, std::string(kAgentPath)).WhyRefused();
  // Within its own unit doctor has less than sshd gives to a command.
  if (!outside.layout.is_live) {
    wrapper.why_not_asked = "the system below --root is not running";
  } else if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1) {
    wrapper.why_not_asked = "doctor is confined here; run it by hand";
  } else if (!ours.empty()) {
    wrapper.why_not_asked = "sshd would not run our agent: " + ours;
  } else {
    Ask(outside, command, user, login, hash, &wrapper);
  }
  return wrapper;
}

}  // namespace eic::admin
