#include "admin/doctor/checks/login.h"

#include <fnmatch.h>
#include <grp.h>
#include <pwd.h>
#include <shadow.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <optional>

#include "admin/doctor/world.h"
#include "admin/sshd/settings.h"
#include "core/request.h"
#include "host/users.h"

namespace eic::admin {
namespace {

using Seen = std::optional<std::string>;

constexpr long kSecondsOfDay = 24L * 60 * 60;

std::vector<std::string> GroupsOf(const passwd& entry) {
  int count = 256;
  std::vector<gid_t> ids(static_cast<std::size_t>(count));
  if (getgrouplist(entry.pw_name, entry.pw_gid, ids.data(), &count) < 0) {
    ids.resize(static_cast<std::size_t>(count));
    if (getgrouplist(entry.pw_name, entry.pw_gid, ids.data(), &count) < 0) count = 0;
  }
  ids.resize(static_cast<std::size_t>(std::max(count, 0)));
  std::vector<std::string> names;
  for (const gid_t id : ids) {
    // cppcheck-suppress getgrgidCalled ; one thread
    const group* found = getgrgid(id);
    if (found != nullptr) names.emplace_back(found->gr_name);
  }
  return names;
}

// sshd takes a shell that is empty for /bin/sh.
bool ShellRuns(const std::string& shell) {
  struct stat status {};
  return stat(shell.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
         (status.st_mode & (S_IXUSR | S_IXGRP | S_IXOTH)) != 0;
}

void ReadShadow(Login* login) {
  // cppcheck-suppress getspnamCalled ; one thread
  const spwd* entry = getspnam(login->name.c_str());
  if (entry == nullptr) return;
  login->is_locked = entry->sp_pwdp != nullptr && entry->sp_pwdp[0] == '!';
  const long today = static_cast<long>(std::time(nullptr)) / kSecondsOfDay;
  login->is_expired = entry->sp_expire > 0 && today > entry->sp_expire;
}

bool IsKnown(const World& world) {
  return world.login && world.login->name_error.IsFine() && world.login->lookup_error.IsFine();
}

// ssh_config(5), PATTERNS. Of `USER@HOST` the host is not known here: it is taken to fit.
bool Matches(const std::string& pattern, const std::string& name) {
  const std::string bare = pattern.substr(0, pattern.rfind('@'));
  return fnmatch(bare.c_str(), name.c_str(), FNM_NOESCAPE) == 0;
}

// The pattern that matches one of the names; empty where none does.
std::string MatchingPattern(const Settings& settings, const std::string& keyword,
                            const std::vector<std::string>& names) {
  for (const std::string& pattern : WordsOf(settings, keyword)) {
    for (const std::string& name : names) {
      if (Matches(pattern, name)) return pattern;
    }
  }
  return "";
}

Seen LookAtName(const World& world) {
  if (!world.login || world.login->name_error.IsFine()) return std::nullopt;
  return "`" + world.login->asked + "`: " + world.login->name_error.Text();
}

Seen LookForUser(const World& world) {
  if (!world.login || LookAtName(world) || world.login->lookup_error.IsFine()) return std::nullopt;
  return "getpwnam of `" + world.login->asked + "`: " + world.login->lookup_error.Text();
}

Seen LookAtSpelling(const World& world) {
  if (!IsKnown(world) || world.login->name == world.login->asked) return std::nullopt;
  return "NSS spells `" + world.login->asked + "` as `" + world.login->name +
         "`, and that is the name that sshd gives to the command";
}

// With PAM, sshd leaves the password field to it, and PAM lets keys pass.
Seen LookForLock(const World& world) {
  if (!IsKnown(world) || !world.login->is_locked) return std::nullopt;
  if (ValueOf(world.settings, "usepam") == "yes") return std::nullopt;
  return "the password in /etc/shadow begins with `!`, and sshd -T has UsePAM no";
}

Seen LookAtExpiry(const World& world) {
  if (!IsKnown(world) || !world.login->is_expired) return std::nullopt;
  return "/etc/shadow says that the account has expired";
}

Seen LookAtShell(const World& world) {
  if (!IsKnown(world)) return std::nullopt;
  const Login& login = *world.login;
  if (!login.shell_runs) return login.shell + " is not there, or cannot be executed";
  const std::string name = login.shell.substr(login.shell.rfind('/') + 1);
  if (name != "nologin" && name != "false") return std::nullopt;
  return "the shell is " + login.shell + ", which ends the session at once";
}

Seen LookAtRoot(const World& world) {
  if (!IsKnown(world) || world.login->name != "root") return std::nullopt;
  const std::string permitted = ValueOf(world.settings, "permitrootlogin");
  if (permitted != "no" && permitted != "forced-commands-only") return std::nullopt;
  return "sshd -T has PermitRootLogin " + permitted;
}

// sshd_config(5): DenyUsers, AllowUsers, DenyGroups, AllowGroups, in this order.
Seen LookAtLists(const World& world) {
  if (!IsKnown(world)) return std::nullopt;
  const std::vector<std::string> name = {world.login->name};
  const std::vector<std::string>& groups = world.login->groups;
  for (const auto& [keyword, names] :
       {std::pair("denyusers", name), std::pair("denygroups", groups)}) {
    const std::string pattern = MatchingPattern(world.settings, keyword, names);
    if (!pattern.empty()) return "sshd -T has " + std::string(keyword) + " " + pattern;
  }
  for (const auto& [keyword, names] :
       {std::pair("allowusers", name), std::pair("allowgroups", groups)}) {
    if (WordsOf(world.settings, keyword).empty()) continue;
    if (!MatchingPattern(world.settings, keyword, names).empty()) continue;
    return "sshd -T has " + std::string(keyword) + ", and none of its words is for " +
           world.login->name;
  }
  return std::nullopt;
}

void TellUnlooked(const World& world, Sentences* sentences) {
  if (!world.login) sentences->emplace_back("logins of a user: no --user was given");
}

}  // namespace

Login LookAtLogin(const std::string& name) {
  Login login;
  login.asked = name;
  const Result<UserName> parsed = ParseUserName(name);
  if (!parsed) {
    login.name_error = VerdictOf(parsed.error());
    return login;
  }
  const Result<std::string> found = LookUpUser(name);
  // cppcheck-suppress getpwnamCalled ; one thread
  const passwd* entry = found ? getpwnam(name.c_str()) : nullptr;
  if (entry == nullptr) {
    login.lookup_error = found ? Verdict{"user-unknown", ""} : VerdictOf(found.error());
    return login;
  }
  login.name = *found;
  login.shell = entry->pw_shell[0] == '\0' ? "/bin/sh" : entry->pw_shell;
  login.shell_runs = ShellRuns(login.shell);
  login.groups = GroupsOf(*entry);
  ReadShadow(&login);
  return login;
}

const Family& LoginFamily() {
  static const Family kFamily = {
      {
          {"user-name", Level::kBroken, "no key can be pushed for a user of this name",
           "the name, as the agent reads it", "log in under another name", &LookAtName},
          {"user-unknown", Level::kBroken, "the user does not exist here", "NSS",
           "make the user, or see why SSSD or LDAP does not know it (getent passwd USER)",
           &LookForUser},
          {"user-spelling", Level::kBroken, "NSS spells the user's name otherwise", "NSS",
           "push for the name as NSS spells it", &LookAtSpelling},
          {"user-locked", Level::kBroken, "the account is locked", "`/etc/shadow`, UsePAM",
           "usermod --password '*' USER, which sets no password and does not lock", &LookForLock},
          {"user-expired", Level::kBroken, "the account has expired", "`/etc/shadow`",
           "chage --expiredate -1 USER", &LookAtExpiry},
          {"user-shell", Level::kBroken, "the user has no shell to log in to",
           "NSS, the shell's file", "usermod --shell /bin/sh USER", &LookAtShell},
          {"root-login", Level::kBroken, "sshd does not let root in",
           "PermitRootLogin in `sshd -T`", "log in as another user and use sudo", &LookAtRoot},
          {"user-denied", Level::kBroken, "a list of sshd does not let this user in",
           "AllowUsers, DenyUsers, AllowGroups, DenyGroups in `sshd -T -C user=USER`",
           "put the user, or a group of the user's, on the list", &LookAtLists},
      },
      &TellUnlooked};
  return kFamily;
}

}  // namespace eic::admin
