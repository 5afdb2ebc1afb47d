// Of doctor: the command's program, as sshd asks of it each time (sshd_config(5),
// AuthorizedKeysCommand), and the user that it runs as.
#pragma once

#include <sys/types.h>

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "admin/doctor/check.h"
#include "admin/layout.h"

namespace eic::admin {

// A folder, or the program, on the real path of the command.
struct PathPart {
  std::string path;
  bool is_there = true;
  bool is_file = false;
  uid_t owner = 0;
  mode_t mode = 0755;
  gid_t group = 0;
};

struct Program {
  std::vector<PathPart> parts;  // `/` first, the program last; empty: the command is not ours
  std::string usage_error;      // what the agent says of its arguments; empty: fine

  // Why sshd would not run it, whoever's it is: it is no file, or somebody but root may change it
  // or a folder above it. Empty: it would. Nothing else runs it either.
  std::string WhyRefused() const;
};

Program LookAtProgram(const Layout& layout, const std::string& command);

// As the command's user: whether it runs at all.
struct ProgramRun {
  bool succeeds = true;
  std::string says;  // where it does not
};
// `program`: its path; empty: none is ours.
ProgramRun TryProgram(const std::string& program);
void to_json(nlohmann::json& json, const ProgramRun& run);
void from_json(const nlohmann::json& json, ProgramRun& run);

const Family& CommandFamily();

}  // namespace eic::admin
