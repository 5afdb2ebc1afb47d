#include "admin/doctor/checks/login.h"

#include <grp.h>
#include <pwd.h>
#include <shadow.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <optional>

#include "admin/doctor/lists/client.h"
#include "admin/doctor/lists/user_at_host.h"
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
  if (entry->sp_expire >= 0) login->days_past_expiry = today - entry->sp_expire;
  login->password_due = WhyDue(entry->sp_lstchg, entry->sp_max, today);
}

bool IsKnown(const World& world) { return world.login && world.login->IsKnown(); }

// The entry that fits one of the names, and whether it does so without doubt.
struct Entry {
  Fit fit = Fit::kNo;
  std::string text;
};

// A plain name has no host: `USER@HOST` is of AllowUsers and DenyUsers.
Entry FindEntry(const World& world, const std::string& keyword,
                const std::vector<std::string>& names) {
  const bool has_hosts = keyword == "allowusers" || keyword == "denyusers";
  Entry found;
  for (const std::string& entry : WordsOf(world.settings, keyword)) {
    for (const std::string& name : names) {
      Fit fit = MatchesPattern(entry, name) ? Fit::kYes : Fit::kNo;
      if (has_hosts) fit = FitsEntry(entry, name, world.client);
      if (fit == Fit::kYes) return {fit, entry};
      if (fit == Fit::kUnknown && found.fit == Fit::kNo) found = {fit, entry};
    }
  }
  return found;
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
         "`, and sshd gives that name to the command";
}

// With PAM, sshd leaves the password field to it, and PAM lets keys pass.
Seen LookForLock(const World& world) {
  if (!IsKnown(world) || !world.login->is_locked) return std::nullopt;
  if (ValueOf(world.settings, "usepam") == "yes") return std::nullopt;
  return "the password in /etc/shadow begins with `!`, and sshd -T has UsePAM no";
}

Seen LookAtExpiry(const World& world) {
  if (!IsKnown(world) || !world.login->days_past_expiry) return std::nullopt;
  // On the day itself sshd lets in, and pam_unix does not.
  const bool has_pam = ValueOf(world.settings, "usepam") == "yes";
  if (*world.login->days_past_expiry < (has_pam ? 0 : 1)) return std::nullopt;
  return "/etc/shadow says that the account has expired";
}

Seen LookAtShell(const World& world) {
  if (!IsKnown(world)) return std::nullopt;
  const Login& login = *world.login;
  if (!login.shell_runs) return login.shell + " does not exist, or cannot be executed";
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

std::string Whence(const World& world) {
  return world.client.IsKnown() ? " from " + world.client.address : "";
}

// sshd_config(5): DenyUsers, AllowUsers, DenyGroups, AllowGroups, in this order.
Seen LookAtLists(const World& world) {
  if (!IsKnown(world)) return std::nullopt;
  const std::vector<std::string> name = {world.login->name};
  const std::vector<std::string>& groups = world.login->groups;
  for (const auto& [keyword, names] :
       {std::pair("denyusers", name), std::pair("denygroups", groups)}) {
    const Entry entry = FindEntry(world, keyword, names);
    if (entry.fit == Fit::kYes) {
      return "sshd -T has " + std::string(keyword) + " " + entry.text + ", which matches " +
             world.login->name + Whence(world);
    }
  }
  for (const auto& [keyword, names] :
       {std::pair("allowusers", name), std::pair("allowgroups", groups)}) {
    if (WordsOf(world.settings, keyword).empty()) continue;
    if (FindEntry(world, keyword, names).fit != Fit::kNo) continue;
    return "sshd -T has " + std::string(keyword) + ", and none of its entries matches " +
           world.login->name + Whence(world);
  }
  return std::nullopt;
}

void TellUnlooked(const World& world, Sentences* sentences) {
  if (!world.login) sentences->emplace_back("logins of a user: no --user was given");
  if (!IsKnown(world)) return;
  for (const char* keyword : {"denyusers", "allowusers"}) {
    const Entry entry = FindEntry(world, keyword, {world.login->name});
    if (entry.fit != Fit::kUnknown) continue;
    sentences->push_back("whether " + std::string(keyword) + " " + entry.text + " matches " +
                         world.login->name + ": that depends on the client's address");
  }
}

}  // namespace

std::string WhyDue(long last_change, long days_max, long today) {
  if (last_change == 0) return "the password's last change is set to 0, which requires a new one";
  // -1: shadow(5) has the field empty. A change in the future counts as none.
  if (last_change < 0 || days_max < 0 || today < last_change) return "";
  const long age = today - last_change;
  if (age <= days_max) return "";
  return "the password was changed " + std::to_string(age) + " days ago, and may be at most " +
         std::to_string(days_max) + " days old";
}

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
  login.home = entry->pw_dir;
  login.uid = entry->pw_uid;
  ReadShadow(&login);
  return login;
}

const Family& LoginFamily() {
  static const Family kFamily = {
      {
          {"user-name", Level::kBroken, "no key can be pushed for a user with this name",
           "the name, as the agent reads it", "log in under another name", &LookAtName},
          {"user-unknown", Level::kBroken, "the user does not exist here", "NSS",
           "create the user, or find out why SSSD or LDAP does not know it (getent passwd USER)",
           &LookForUser},
          {"user-spelling", Level::kBroken, "NSS spells the user's name differently", "NSS",
           "push for the name as NSS spells it", &LookAtSpelling},
          {"user-locked", Level::kBroken, "the account is locked", "`/etc/shadow`, UsePAM",
           "usermod --password '*' USER, which leaves the account without a password but not "
           "locked",
           &LookForLock},
          {"user-expired", Level::kBroken, "the account has expired", "`/etc/shadow`",
           "chage --expiredate -1 USER", &LookAtExpiry},
          {"user-shell", Level::kBroken, "the user has no shell to log in to",
           "NSS, the shell's file", "usermod --shell /bin/sh USER", &LookAtShell},
          {"root-login", Level::kBroken, "sshd does not let root in",
           "PermitRootLogin in `sshd -T`", "log in as another user and use sudo", &LookAtRoot},
          {"user-denied", Level::kBroken, "an sshd user or group list keeps this user out",
           "AllowUsers, DenyUsers, AllowGroups, DenyGroups in `sshd -T -C user=USER`; `USER@HOST` "
           "with "
           "`--from`",
           "AllowUsers or AllowGroups: add the user, or one of the user's groups, to the list. "
           "DenyUsers or DenyGroups: remove the entry, or the user from the group",
           &LookAtLists},
      },
      &TellUnlooked};
  return kFamily;
}

}  // namespace eic::admin
