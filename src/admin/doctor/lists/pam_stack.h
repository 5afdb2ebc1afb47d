// Which modules PAM asks about an account, read from the files of its configuration (pam.d(5)).
// PAM itself is not asked.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "admin/files/tree.h"

namespace eic::admin {

struct PamModule {
  std::string name;                    // `pam_access.so`, without its folder
  std::vector<std::string> arguments;  // `accessfile=/etc/x`
  // PAM asks it, whatever those before it say: none of them ends the stack by success or jumps.
  bool is_certain = true;
};

// The account modules of a service, those of included files among them, in their order. Left out
// are those whose control ignores that they refuse: `optional`, `sufficient`, `[default=ignore]`. A
// service without a file of its own has those of `other`. nullopt where a file that is included
// cannot be found.
std::optional<std::vector<PamModule>> AccountModules(const Tree& tree, const std::string& service);

}  // namespace eic::admin
