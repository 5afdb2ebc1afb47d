// Of doctor: the host around, its policy, its log, its packages.
#pragma once

#include <string>

#include "admin/doctor/check.h"
#include "admin/doctor/lists/package_origin.h"
#include "admin/doctor/lists/selinux_policy.h"
#include "admin/outside.h"

namespace eic::admin {

struct Platform {
  // Where SELinux enforces.
  std::string selinux_denial;  // the last one of the agent: a line of the audit or the kernel's log
  Prediction selinux_prediction;
  PackageOrigin origin;
};
Platform LookAtPlatform(const Outside& outside);

// Whether /dev/log takes a connection of this process, as one of the command's user.
bool HasLog();

const Family& PlatformFamily();

}  // namespace eic::admin
