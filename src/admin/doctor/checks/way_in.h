// Of doctor: what may end a connection before sshd looks at any key, by where it comes from.
#pragma once

#include <string>
#include <vector>

#include "admin/doctor/check.h"
#include "admin/doctor/lists/access_rules.h"
#include "admin/doctor/lists/client.h"
#include "admin/outside.h"
#include "admin/sshd/settings.h"

namespace eic::admin {

struct WayIn {
  bool has_libwrap = false;  // sshd asks hosts.allow and hosts.deny
  Ruling hosts;              // what they come to

  // sshd's own lines of the last minutes about connections of this client that it dropped.
  std::vector<std::string> drops;
  std::string why_unheard;  // the journal was not read; empty: it was, or there is no need to
};
WayIn LookAtWayIn(const Outside& outside, const Settings& settings, const Client& client);

// Of the lines of sshd those in which it drops a connection of this address for a penalty.
std::vector<std::string> DropsOf(std::string_view journal, const Client& client);

const Family& WayInFamily();

}  // namespace eic::admin
