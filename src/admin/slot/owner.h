// Whose an AuthorizedKeysCommand is.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "admin/layout.h"

namespace eic::admin {

enum class Owner {
  kNobody,      // none is set
  kOurs,        // the agent of this package, or its chain
  kShellAgent,  // the shell agent, under any of the paths that its packages gave it
  kSomebodyElse,
};

// A word for programs: none, ours, shell-agent, other.
std::string_view OwnerSlug(Owner owner);

Owner OwnerOf(std::string_view command);

// The name to show to people: `SSSD (/usr/bin/sss_ssh_authorizedkeys)`, or only the path.
std::string Describe(std::string_view command);

// Where packages of the shell agent put its programs.
std::vector<std::string> ShellAgentPrograms();

// Whether the program in this command is the chain of this package.
bool IsChain(std::string_view command);

// The path of the program in a command.
std::string ProgramOf(std::string_view command);

// Whether the program in this command is a link to our agent.
bool LeadsToAgent(const Layout& layout, std::string_view command);

// Whether the shell agent's program in this command exists and is not a link to our agent. Only
// then can `disable` restore it.
bool ProgramIsItsOwn(const Layout& layout, std::string_view command);

}  // namespace eic::admin
