// The user who logs in, and the host around.
#include <grp.h>
#include <pwd.h>
#include <shadow.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <fstream>

#include "admin/doctor/gather.h"
#include "admin/limits.h"
#include "core/printable.h"
#include "core/request.h"
#include "host/users.h"

namespace eic::admin {
namespace {

constexpr long kSecondsOfDay = 24L * 60 * 60;

Verdict VerdictOf(const Error& error) { return {std::string(Slug(error.reason)), error.detail}; }

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

std::string SshdVersion(const Outside& outside) {
  // Those that do not know -V print the version with their usage.
  const ProgramResult result = outside.runner.Run({outside.layout.sshd, "-V"}, kCheckTimeMax);
  const std::string text = result.output + result.errors;
  const std::size_t begin = text.find("OpenSSH_");
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_first_of(" ,\r\n", begin) - begin);
}

// The last denial among the newest bytes of the audit log. A process's name is cut to 15 bytes.
std::string LastDenial(const std::string& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) return "";
  const auto size = static_cast<std::streamoff>(file.tellg());
  file.seekg(std::max<std::streamoff>(0, size - static_cast<std::streamoff>(kFileBytesMax)));
  std::string denial;
  for (std::string line; std::getline(file, line);) {
    const bool is_ours = line.find("comm=\"eic-authorized-\"") != std::string::npos;
    if (is_ours && line.find("denied") != std::string::npos) denial = line;
  }
  return Printable(denial, kOutputBytesMax);
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

Platform LookAtPlatform(const Outside& outside) {
  Platform platform;
  platform.sshd_version = SshdVersion(outside);
  if (!outside.layout.is_live) return platform;
  const Outcome<std::optional<std::string>> enforce =
      ReadWhole(outside.layout.Real("/sys/fs/selinux/enforce"));
  platform.selinux_enforces = enforce && *enforce && (*enforce)->compare(0, 1, "1") == 0;
  platform.selinux_denial = LastDenial(outside.layout.Real("/var/log/audit/audit.log"));
  platform.origin = AskForOrigin(outside.runner);
  return platform;
}

}  // namespace eic::admin
