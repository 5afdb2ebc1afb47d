// The command's program, as sshd asks of it each time (sshd_config(5), AuthorizedKeysCommand), and
// the user that it runs as.
#include "admin/doctor/check.h"

namespace eic::admin {
namespace {

using Seen = std::optional<std::string>;

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

Seen LookForProgram(const World& world) {
  if (world.program.parts.empty() || IsComplete(world)) return std::nullopt;
  return world.program.parts.back().path + " is not there, or is no regular file";
}

Seen LookAtOwner(const World& world) {
  for (const PathPart& part : world.program.parts) {
    if (part.is_there && part.owner != 0) {
      return part.path + " belongs to uid " + std::to_string(part.owner);
    }
  }
  return std::nullopt;
}

Seen LookAtMode(const World& world) {
  for (const PathPart& part : world.program.parts) {
    if (part.is_there && (part.mode & kWritableByOthers) != 0) {
      return part.path + " has mode " + Octal(part.mode);
    }
  }
  return std::nullopt;
}

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
  if (!IsComplete(world) || !world.as_user.why_not.empty() || world.as_user.program_runs) {
    return std::nullopt;
  }
  if (LookAtOwner(world) || LookAtMode(world) || LookWhetherReachable(world)) return std::nullopt;
  return "`" + world.program.parts.back().path + " --version` as " + world.slot.user + ": " +
         world.as_user.program_says;
}

Seen LookWhetherUsable(const World& world) {
  if (!world.as_user.has_failed) return std::nullopt;
  return world.as_user.why_not;
}

}  // namespace

const std::vector<Check>& CommandChecks() {
  static const std::vector<Check> kChecks = {
      {"command-missing", Level::kBroken, "the program of the command is not there",
       "the command's real path", "install the package again", &LookForProgram},
      {"command-owner", Level::kBroken,
       "the program, or a folder above it, is not root's, so sshd does not run it",
       "owner of every folder on the command's real path", "chown root what is named",
       &LookAtOwner},
      {"command-writable", Level::kBroken,
       "group or others may write to the program, or to a folder above it, so sshd does not run it",
       "mode of every folder on the command's real path", "chmod go-w what is named", &LookAtMode},
      {"command-unreachable", Level::kBroken,
       "the command's user may not reach the program, or not execute it",
       "mode of every folder on the command's real path, for that user", "chmod o+x what is named",
       &LookWhetherReachable},
      {"command-arguments", Level::kBroken,
       "the agent does not take the arguments that it is given",
       "the words of AuthorizedKeysCommand, read as the agent reads them",
       "correct them; the usual ones are `-- %u %f %t`", &LookAtArguments},
      {"command-user-unknown", Level::kBroken, "the user of the command does not exist",
       "AuthorizedKeysCommandUser, asked of NSS",
       "make the user: useradd --system --no-create-home --shell /usr/sbin/nologin "
       "ec2-instance-connect",
       &LookForUser},
      {"command-does-not-run", Level::kBroken, "the program does not run",
       "`PROGRAM --version` as the command's user",
       "see what it says: a missing library, a file system mounted noexec, a policy",
       &LookWhetherItRuns},
      {"command-user-unusable", Level::kBroken, "nothing could be tried as the command's user",
       "a process of that user",
       "see what is said; on a host without memory or processes to spare, try again",
       &LookWhetherUsable},
  };
  return kChecks;
}

}  // namespace eic::admin
