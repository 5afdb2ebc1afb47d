// The host around: its policy, its log, its packages.
#include "admin/doctor/check.h"

namespace eic::admin {
namespace {

using Seen = std::optional<std::string>;

Seen LookAtSelinux(const World& world) {
  if (!world.platform.selinux_enforces || world.platform.selinux_denial.empty()) {
    return std::nullopt;
  }
  return world.platform.selinux_denial;
}

Seen LookForLog(const World& world) {
  if (!world.as_user.why_not.empty() || world.as_user.has_log) return std::nullopt;
  return "/dev/log takes no connection from " + world.slot.user;
}

Seen LookAtOrigin(const World& world) {
  const std::optional<Offer>& offer = world.platform.origin.offer;
  if (!offer) return std::nullopt;
  return "version " + offer->version + " from " + offer->origin;
}

}  // namespace

const std::vector<Check>& PlatformChecks() {
  static const std::vector<Check> kChecks = {
      {"selinux-denying", Level::kBroken, "SELinux denied the agent something",
       "`/sys/fs/selinux/enforce`, `/var/log/audit/audit.log`",
       "see what was denied (ausearch -m avc -c eic-authorized-) and allow it in a module",
       &LookAtSelinux},
      {"log-missing", Level::kWarning, "there is no log; decisions leave no trace",
       "`/dev/log`, as the command's user", "start the syslog daemon, or systemd-journald",
       &LookForLog},
      {"package-origin", Level::kWarning,
       "another origin offers a higher version of the package; an upgrade would change the agent",
       "`apt-cache policy ec2-instance-connect`, or what dnf has in its cache",
       "pin the package to its origin: doc/fleet.md, \"Pinning\"", &LookAtOrigin},
  };
  return kChecks;
}

}  // namespace eic::admin
