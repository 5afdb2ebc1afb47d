// The command that sshd runs for keys, and the user it runs as, where they are our agent's.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "admin/process/as_user.h"
#include "admin/slot/survey.h"
#include "admin/sshd/sshd.h"

namespace eic::admin {

// Whether the program of this command is our agent: by its installed path, by a link, or a copy of
// its name elsewhere.
bool RunsAgent(const Layout& layout, std::string_view command);

// What runs our agent where sshd has `effective`: that itself, or the chain's member with its user.
// None where neither does.
std::optional<Effective> AgentBehind(const Layout& layout, const Effective& effective);

// Of NSS; none where there is no such user.
std::optional<Account> FindAccount(const std::string& name);

struct InstalledCommand {
  std::string command;
  Account account;
  bool is_in_force = true;
};

// What sshd runs for `login` if that is our agent; else what `enable` would have it run, with
// `is_in_force` false. Fails with kFailed where the user of the command is unknown.
Outcome<InstalledCommand> FindAgentCommand(const Outside& outside, Sshd& sshd,
                                           const std::string& login);

// Somebody of this name from an ordinary place, for `sshd -T -C`.
Connection ConnectionOf(const std::string& name);

}  // namespace eic::admin
