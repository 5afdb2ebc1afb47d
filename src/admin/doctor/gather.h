// The facts that doctor judges, from files, NSS, sshd itself and a process of the command's user.
#pragma once

#include <optional>
#include <string>

#include "admin/doctor/doctor.h"
#include "admin/doctor/world.h"
#include "admin/slot/survey.h"
#include "agent/options.h"

namespace eic::admin {

// Nothing is changed by it. What could not be asked is empty, or says why.
World TakeWorld(const Outside& outside, const DoctorOptions& options);

// The parts of it.
struct SlotFacts {
  Slot slot;
  DaemonOptions options;  // of sshd, for whoever asks it more
};
SlotFacts LookAtSlot(const Outside& outside, Sshd& sshd);
// None where sshd does not run the chain. Runs each member once, as a login of `login` would;
// empty: of root.
std::optional<Chain> LookAtChain(const Outside& outside, const Slot& slot,
                                 const std::string& login);
Program LookAtProgram(const Layout& layout, const std::string& command);
Login LookAtLogin(const std::string& name);
Platform LookAtPlatform(const Outside& outside);

// Asks as `account` all that AsUserFacts holds. `agent` holds the options of the command; its user
// is the login's, empty for none.
AsUserFacts AskAsUser(const Account& account, const std::string& program,
                      const eic::Options& agent);

}  // namespace eic::admin
