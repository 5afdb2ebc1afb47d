#include "host/privileges.h"

#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

#include "core/limits.h"
#include "core/printable.h"

namespace eic {
namespace {

Error CannotBecome(const std::string& why) {
  return Error{Reason::kRunsAsRoot, "cannot become " + std::string(kCommandUser) + ": " + why};
}

Result<std::string> BecomeCommandUser() {
  errno = 0;
  // cppcheck-suppress getpwnamCalled ; one thread, before any other
  const passwd* user = getpwnam(kCommandUser);
  if (user == nullptr) return CannotBecome(errno == 0 ? "no such user" : std::strerror(errno));
  if (user->pw_uid == 0) return CannotBecome("it is root by another name");
  if (setgroups(0, nullptr) != 0 || setresgid(user->pw_gid, user->pw_gid, user->pw_gid) != 0 ||
      setresuid(user->pw_uid, user->pw_uid, user->pw_uid) != 0) {
    return CannotBecome(std::strerror(errno));
  }
  return std::string();
}

// The supplementary groups, as numbers with commas between.
std::string OtherGroups() {
  const int count = getgroups(0, nullptr);
  std::vector<gid_t> groups(static_cast<std::size_t>(std::max(count, 0)));
  if (getgroups(count, groups.data()) < 0) return "";
  std::string text;
  for (const gid_t group : groups) {
    if (group == getegid()) continue;
    text += (text.empty() ? "" : ",") + std::to_string(group);
  }
  return text;
}

void DropCapabilities() {
  (void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  const std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> none{};
  (void)syscall(SYS_capset, &header, none.data());
}

}  // namespace

Result<std::string> GiveUpPrivileges() {
  if (getuid() == 0 || geteuid() == 0) return BecomeCommandUser();
  const std::string groups = OtherGroups();
  const bool keeps = !groups.empty() && setgroups(0, nullptr) != 0;
  DropCapabilities();
  return keeps ? Printable("it keeps the groups " + groups, kLoggedValueBytesMax) : std::string();
}

}  // namespace eic
