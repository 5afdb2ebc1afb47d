#include "admin/doctor/checks/command.h"

#include <stdlib.h>
#include <sys/stat.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "admin/doctor/world.h"
#include "admin/limits.h"
#include "admin/process/program_runner.h"
#include "admin/slot/owner.h"
#include "core/limits.h"
#include "core/printable.h"

namespace eic::admin {
namespace {

using Seen = std::optional<std::string>;

std::string RealPath(const std::string& path) {
  const std::unique_ptr<char, decltype(&free)> real(realpath(path.c_str(), nullptr), &free);
  return real ? real.get() : "";
}

PathPart LookAtPart(const Layout& layout, const std::string& path) {
  struct stat status {};
  PathPart part{path.empty() ? "/" : path, false, false, 0, 0, 0};
  if (stat((layout.root + part.path).c_str(), &status) != 0) return part;
  part.is_there = true;
  part.is_file = S_ISREG(status.st_mode);
  part.owner = status.st_uid;
  part.group = status.st_gid;
  part.mode = status.st_mode & 07777U;
  return part;
}

constexpr mode_t kWritableByOthers = 022;

std::string Octal(mode_t mode) {
  std::string text;
  for (const int shift : {9, 6, 3, 0}) {
    text += static_cast<char>('0' + static_cast<int>((mode >> shift) & 7U));
  }
  return text;
}

// The last component of the path that is there, with the right this user has on it.
bool MayEnter(const PathPart& part, const std::optional<Account>& account) {
  if (!account || account->uid == 0) return true;
  unsigned shift = part.group == account->gid ? 3 : 0;
  if (part.owner == account->uid) shift = 6;
  return ((part.mode >> shift) & 1U) != 0;
}

bool IsComplete(const World& world) {
  const auto& parts = world.program.parts;
  return !parts.empty() && parts.back().is_there;
}

Seen OwnerFault(const Program& program) {
  for (const PathPart& part : program.parts) {
    if (part.is_there && part.owner != 0) {
      return part.path + " belongs to uid " + std::to_string(part.owner);
    }
  }
  return std::nullopt;
}

Seen ModeFault(const Program& program) {
  for (const PathPart& part : program.parts) {
    if (part.is_there && (part.mode & kWritableByOthers) != 0) {
      return part.path + " has mode " + Octal(part.mode);
    }
  }
  return std::nullopt;
}

Seen LookForProgram(const World& world) {
  if (world.program.parts.empty() || IsComplete(world)) return std::nullopt;
  return world.program.parts.back().path + " does not exist, or is not a regular file";
}

Seen LookAtOwner(const World& world) { return OwnerFault(world.program); }

Seen LookAtMode(const World& world) { return ModeFault(world.program); }

Seen LookWhetherReachable(const World& world) {
  if (!IsComplete(world)) return std::nullopt;
  for (const PathPart& part : world.program.parts) {
    if (!MayEnter(part, world.command_user)) {
      return part.path + " has mode " + Octal(part.mode) + ", which keeps " + world.slot.user +
             " out";
    }
  }
  return std::nullopt;
}

Seen LookAtArguments(const World& world) {
  if (!IsComplete(world) || world.program.usage_error.empty()) return std::nullopt;
  return "`" + world.slot.command + "`: " + world.program.usage_error;
}

Seen LookForUser(const World& world) {
  if (!world.slot.runs_agent || world.slot.user.empty() || world.command_user) return std::nullopt;
  return "NSS knows no user " + world.slot.user;
}

Seen LookWhetherItRuns(const World& world) {
  if (!IsComplete(world) || !world.as_user.why_not.empty() || world.program_run.succeeds) {
    return std::nullopt;
  }
  if (LookAtOwner(world) || LookAtMode(world) || LookWhetherReachable(world)) return std::nullopt;
  return "`" + world.program.parts.back().path + " --version` as " + world.slot.user + ": " +
         world.program_run.says;
}

Seen LookWhetherUsable(const World& world) {
  if (!world.as_user.has_failed) return std::nullopt;
  return world.as_user.why_not;
}

}  // namespace

std::string Program::WhyRefused() const {
  if (parts.empty() || !parts.back().is_there) return "it does not exist, or is not a regular file";
  if (const Seen fault = OwnerFault(*this)) return *fault;
  return ModeFault(*this).value_or("");
}

Program LookAtProgram(const Layout& layout, const std::string& command) {
  Program program;
  const std::string named = ProgramOf(command);
  const std::string real = RealPath(layout.Real(named));
  if (real.empty()) {
    program.parts.push_back({named, false, false, 0, 0, 0});
    return program;
  }
  const std::string path = real.substr(layout.root.size());
  for (std::size_t at = 0; at != std::string::npos; at = path.find('/', at + 1)) {
    program.parts.push_back(LookAtPart(layout, path.substr(0, at)));
  }
  program.parts.push_back(LookAtPart(layout, path));
  program.parts.back().is_there = program.parts.back().is_file;
  return program;
}

ProgramRun TryProgram(const std::string& program) {
  if (program.empty()) return {};
  const ProgramResult result = MakeProgramRunner()->Run({program, "--version"}, kCheckTimeMax);
  return {result.Succeeded(), Printable(result.errors, kLoggedValueBytesMax)};
}

void to_json(nlohmann::json& json, const ProgramRun& run) {
  json = {{"succeeds", run.succeeds}, {"says", run.says}};
}

void from_json(const nlohmann::json& json, ProgramRun& run) {
  run = {json.at("succeeds").get<bool>(), json.at("says").get<std::string>()};
}

const Family& CommandFamily() {
  static const Family kFamily = {
      {
          {"command-missing", Level::kBroken, "the command's program does not exist",
           "the command's real path", "install the package again", &LookForProgram},
          {"command-owner", Level::kBroken,
           "the program, or a folder above it, does not belong to root, so sshd does not run it",
           "owner of every folder on the command's real path", "chown root the named path",
           &LookAtOwner},
          {"command-writable", Level::kBroken,
           "group or others may write to the program, or to a folder above it, so sshd does not "
           "run it",
           "mode of every folder on the command's real path", "chmod go-w the named path",
           &LookAtMode},
          {"command-unreachable", Level::kBroken,
           "the command's user cannot reach the program or cannot execute it",
           "mode of every folder on the command's real path, for that user",
           "chmod o+x the named path", &LookWhetherReachable},
          {"command-arguments", Level::kBroken, "the agent rejects its arguments",
           "the words of AuthorizedKeysCommand, as the agent parses them",
           "correct them; the usual arguments are `-- %u %f %t`", &LookAtArguments},
          {"command-user-unknown", Level::kBroken, "the user of the command does not exist",
           "AuthorizedKeysCommandUser, looked up through NSS",
           "create the user: useradd --system --no-create-home --shell /usr/sbin/nologin "
           "ec2-instance-connect",
           &LookForUser},
          {"command-does-not-run", Level::kBroken, "the program does not run",
           "`PROGRAM --version` as the command's user",
           "read its error message: a missing library, a file system mounted noexec, a policy",
           &LookWhetherItRuns},
          {"command-user-unusable", Level::kBroken,
           "doctor could not run anything as the command's user", "a process of that user",
           "read the message; if the host is short of memory or processes, try again",
           &LookWhetherUsable},
      },
      nullptr};
  return kFamily;
}

}  // namespace eic::admin
