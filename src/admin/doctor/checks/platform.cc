#include "admin/doctor/checks/platform.h"

#include <sys/klog.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <optional>
#include <sstream>
#include <vector>

#include "admin/doctor/world.h"
#include "admin/limits.h"
#include "core/printable.h"
#include "host/syslog_socket.h"

namespace eic::admin {
namespace {

using Seen = std::optional<std::string>;

// The newest messages of the kernel, where denials go while no auditd runs.
std::string KernelLog() {
  constexpr int kReadAll = 3, kSizeOfBuffer = 10;  // syslog(2)
  const int size = klogctl(kSizeOfBuffer, nullptr, 0);
  if (size <= 0) return "";
  std::string log(static_cast<std::size_t>(size), '\0');
  log.resize(static_cast<std::size_t>(std::max(0, klogctl(kReadAll, log.data(), size))));
  return log;
}

// Of the newest bytes of the audit log; of the kernel's log where there is none.
std::string LastDenialOf(const std::string& audit_log, const std::string& context) {
  std::ifstream file(audit_log, std::ios::binary | std::ios::ate);
  if (!file) {
    std::istringstream kernel_log(KernelLog());
    return Printable(LastDenial(kernel_log, context), kOutputBytesMax);
  }
  const auto size = static_cast<std::streamoff>(file.tellg());
  file.seekg(std::max<std::streamoff>(0, size - static_cast<std::streamoff>(kFileBytesMax)));
  return Printable(LastDenial(file, context), kOutputBytesMax);
}

// From systemd by sshd to the agent. From OpenSSH 9.8 on, another program of sshd is between them.
Prediction PredictFor(const Layout& layout) {
  const Outcome<std::optional<std::string>> systemd =
      ReadWhole(layout.Real("/proc/1/attr/current"));
  if (!systemd || !*systemd) return {"", "the context of systemd cannot be read", ""};
  // The kernel ends it with a byte 0 or a line end, or neither.
  const std::string context((*systemd)->c_str(), strcspn((*systemd)->c_str(), "\n"));
  std::vector<std::string> labels;
  for (const std::string& program :
       {layout.sshd, layout.Real("/usr/lib/openssh/sshd-session"),
        layout.Real("/usr/libexec/openssh/sshd-session"), layout.Real("/usr/lib/ssh/sshd-session"),
        layout.Real("/usr/libexec/ssh/sshd-session"), layout.Real(kAgentPath)}) {
    const std::string label = LabelOf(program);
    if (!label.empty()) labels.push_back(label);
  }
  KernelPolicy policy(layout.Real("/sys/fs/selinux"));
  return PredictDenial(policy, context, labels);
}

Seen LookAtSelinux(const World& world) {
  if (world.platform.selinux_denial.empty()) return std::nullopt;
  return world.platform.selinux_denial;
}

Seen LookAtPrediction(const World& world) {
  const std::string& denial = world.platform.selinux_prediction.denial;
  if (denial.empty() || LookAtSelinux(world)) return std::nullopt;
  return denial;
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
  const std::string& origin = world.platform.origin.why_not;
  if (!origin.empty())
    sentences->push_back("other origins of the package: " + PrintableLine(origin));
  const std::string& policy = world.platform.selinux_prediction.why_not;
  if (!policy.empty()) sentences->push_back("what SELinux would deny: " + PrintableLine(policy));
}

}  // namespace

Platform LookAtPlatform(const Outside& outside) {
  Platform platform;
  if (!outside.layout.is_live) return platform;
  const Outcome<std::optional<std::string>> enforce =
      ReadWhole(outside.layout.Real("/sys/fs/selinux/enforce"));
  if (enforce && *enforce && (*enforce)->compare(0, 1, "1") == 0) {
    platform.selinux_prediction = PredictFor(outside.layout);
    platform.selinux_denial = LastDenialOf(outside.layout.Real("/var/log/audit/audit.log"),
                                           platform.selinux_prediction.context);
  }
  platform.origin = AskForOrigin(outside.runner);
  return platform;
}

bool HasLog() { return SyslogSocket("/dev/log").descriptor() >= 0; }

const Family& PlatformFamily() {
  static const Family kFamily = {
      {
          {"selinux-denying", Level::kBroken, "SELinux denied the agent access to something",
           "`/sys/fs/selinux/enforce`, `/var/log/audit/audit.log` or the kernel's log",
           "install ec2-instance-connect-selinux, or allow in a module what the line names",
           &LookAtSelinux},
          {"selinux-would-deny", Level::kBroken,
           "SELinux's policy would deny the agent what it needs", "`/sys/fs/selinux/access`",
           "install ec2-instance-connect-selinux, or allow in a module what the line names",
           &LookAtPrediction},
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
