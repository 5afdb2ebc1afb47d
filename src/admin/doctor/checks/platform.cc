#include "admin/doctor/checks/platform.h"

#include <algorithm>
#include <fstream>
#include <optional>

#include "admin/doctor/world.h"
#include "admin/limits.h"
#include "core/printable.h"
#include "host/syslog_socket.h"

namespace eic::admin {
namespace {

using Seen = std::optional<std::string>;

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

Seen LookAtSelinux(const World& world) {
  if (!world.platform.selinux_enforces || world.platform.selinux_denial.empty()) {
    return std::nullopt;
  }
  return world.platform.selinux_denial;
}

Seen LookForLog(const World& world) {
  if (!world.as_user.why_not.empty() || world.has_log) return std::nullopt;
  return "/dev/log accepts no connection from " + world.slot.user;
}

Seen LookAtOrigin(const World& world) {
  const std::optional<Offer>& offer = world.platform.origin.offer;
  if (!offer) return std::nullopt;
  return "version " + offer->version + " from " + offer->origin;
}

void TellUnlooked(const World& world, Sentences* sentences) {
  const std::string& why_not = world.platform.origin.why_not;
  if (why_not.empty()) return;
  sentences->push_back("other origins of the package: " + PrintableLine(why_not));
}

}  // namespace

Platform LookAtPlatform(const Outside& outside) {
  Platform platform;
  if (!outside.layout.is_live) return platform;
  const Outcome<std::optional<std::string>> enforce =
      ReadWhole(outside.layout.Real("/sys/fs/selinux/enforce"));
  platform.selinux_enforces = enforce && *enforce && (*enforce)->compare(0, 1, "1") == 0;
  platform.selinux_denial = LastDenial(outside.layout.Real("/var/log/audit/audit.log"));
  platform.origin = AskForOrigin(outside.runner);
  return platform;
}

bool HasLog() { return SyslogSocket("/dev/log").descriptor() >= 0; }

const Family& PlatformFamily() {
  static const Family kFamily = {
      {
          {"selinux-denying", Level::kBroken, "SELinux denied the agent access to something",
           "`/sys/fs/selinux/enforce`, `/var/log/audit/audit.log`",
           "find out what was denied (ausearch -m avc -c eic-authorized-) and allow it in a module",
           &LookAtSelinux},
          {"log-missing", Level::kWarning, "there is no log, so decisions leave no trace",
           "`/dev/log`, as the command's user", "start the syslog daemon, or systemd-journald",
           &LookForLog},
          {"package-origin", Level::kWarning,
           "another origin offers a higher version of the package; an upgrade would change the "
           "agent",
           "`apt-cache policy ec2-instance-connect`, or what dnf has in its cache",
           "pin the package to its origin: doc/fleet.md, \"Pinning\"", &LookAtOrigin},
      },
      &TellUnlooked};
  return kFamily;
}

}  // namespace eic::admin
