// What doctor looks at, gathered once: facts without a judgement, family by family. The checks are
// functions of it alone, so that each can be tried on a world of its own.
#pragma once

#include <optional>
#include <string>

#include "admin/doctor/ask_as_user.h"
#include "admin/doctor/checks/accepted.h"
#include "admin/doctor/checks/account.h"
#include "admin/doctor/checks/chain.h"
#include "admin/doctor/checks/command.h"
#include "admin/doctor/checks/login.h"
#include "admin/doctor/checks/metadata.h"
#include "admin/doctor/checks/platform.h"
#include "admin/doctor/checks/slot.h"
#include "admin/doctor/checks/trust.h"
#include "admin/doctor/checks/way_in.h"
#include "admin/doctor/doctor.h"
#include "admin/doctor/lists/client.h"
#include "admin/doctor/tried/pam_account.h"
#include "admin/doctor/tried/real_login.h"
#include "admin/doctor/tried/tried.h"
#include "admin/process/as_user.h"
#include "admin/sshd/settings.h"

namespace eic::admin {

struct World {
  Slot slot;
  std::optional<Chain> chain;
  Program program;
  std::optional<Account> command_user;  // of slot.user
  Settings settings;                    // for the login's user, or for nobody in particular
  std::string sshd_version;             // `OpenSSH_9.2p1`
  std::string revoked_keys_fault;       // RevokedKeys cannot be read, and why
  Client client;                        // of --from
  WayIn way_in;
  std::optional<Login> login;
  AccountFacts account;                   // of the login
  std::optional<PamAccount> pam_account;  // of --account
  std::optional<RealLogin> real_login;    // of --login
  Platform platform;

  // Asked as the command's user.
  AskedAsUser as_user;
  ProgramRun program_run;
  MetadataFacts metadata;
  TrustFacts trust;
  bool has_log = true;
};

// Nothing is changed by it. What could not be asked is empty, or says why.
World TakeWorld(const Outside& outside, const DoctorOptions& options);

}  // namespace eic::admin
