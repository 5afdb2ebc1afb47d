// The command that sshd runs for keys and its user, if the command is our agent.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "admin/process/as_user.h"
#include "admin/slot/survey.h"
#include "admin/sshd/sshd.h"

namespace eic::admin {

// Whether the program of this command is our agent: at its installed path, through a link, or as a
// copy with its name elsewhere.
bool RunsAgent(const Layout& layout, std::string_view command);

// What runs our agent if sshd has `effective`: that command itself, or the chain's member with its
// user. None if neither runs our agent.
std::optional<Effective> AgentBehind(const Layout& layout, const Effective& effective);

// From NSS; none if there is no such user.
std::optional<Account> FindAccount(const std::string& name);

struct InstalledCommand {
  std::string command;
  Account account;
  bool is_in_force = true;
};

// What sshd runs for `login` if that is our agent; otherwise what it would run after `enable`, with
// `is_in_force` false. Fails with kFailed if the user of the command is unknown.
Outcome<InstalledCommand> FindAgentCommand(const Outside& outside, Sshd& sshd,
                                           const std::string& login);

// A login for `sshd -T -C`: of this user, or of no particular user if empty; from this address, or
// from an ordinary address if empty.
Connection ConnectionOf(const std::string& name, const std::string& address = "");

}  // namespace eic::admin
