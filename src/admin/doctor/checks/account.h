// Of doctor: what comes behind the key that was accepted, PAM's account and the session. With
// --user only. PAM itself is not asked: its files are read.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "admin/doctor/check.h"
#include "admin/doctor/checks/login.h"
#include "admin/doctor/lists/access_rules.h"
#include "admin/doctor/lists/client.h"
#include "admin/doctor/lists/pam_stack.h"
#include "admin/outside.h"
#include "admin/sshd/settings.h"

namespace eic::admin {

struct AccountFacts {
  std::string service;  // that sshd asks PAM for; empty: UsePAM is off
  // Those that count; none where their files cannot be read.
  std::optional<std::vector<PamModule>> modules;
  std::string nologin;  // the file that is there and counts; empty: there is none
  Ruling access;        // of access.conf, where pam_access reads it
  // Why sshd would not enter ChrootDirectory, or a shell would not start in it; empty: fine.
  std::string chroot_fault;

  // Modules of this name that PAM asks for certain.
  std::vector<const PamModule*> Certain(const std::string& name) const;
};
AccountFacts LookAtAccount(const Layout& layout, const Settings& settings, const Login& login,
                           const Client& client);

const Family& AccountFamily();

}  // namespace eic::admin
