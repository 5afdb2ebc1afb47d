// Of doctor: the host around, its policy, its log, its packages.
#pragma once

#include <string>

#include "admin/doctor/check.h"
#include "admin/doctor/lists/package_origin.h"
#include "admin/outside.h"

namespace eic::admin {

struct Platform {
  bool selinux_enforces = false;
  std::string selinux_denial;  // the last line of the audit log about the agent
  PackageOrigin origin;
};
Platform LookAtPlatform(const Outside& outside);

// Whether /dev/log takes a connection of this process, as one of the command's user.
bool HasLog();

const Family& PlatformFamily();

}  // namespace eic::admin
