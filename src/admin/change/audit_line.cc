#include "admin/change/audit_line.h"

#include <unistd.h>

#include "admin/files/file_system.h"
#include "core/limits.h"
#include "core/printable.h"

namespace eic::admin {
namespace {

std::string Quoted(const std::string& value) {
  return "\"" + Printable(value.empty() ? "none" : value, kLoggedValueBytesMax) + "\"";
}

// The user who logged in, even if sudo has changed the uid since; unset (4294967295) at boot and
// for packages.
std::string LoginUid() {
  const Outcome<std::optional<std::string>> text = ReadWhole("/proc/self/loginuid");
  return text && *text ? Printable(**text, kLoggedValueBytesMax) : "unknown";
}

}  // namespace

std::string AuditLine(std::string_view subcommand, const Effective& before,
                      const Effective& after) {
  return "sshd's AuthorizedKeysCommand was changed by " + std::string(subcommand) +
         ": command=" + Quoted(after.command) + " user=" + Quoted(after.user) +
         " was=" + Quoted(before.command) + " uid=" + std::to_string(getuid()) +
         " loginuid=" + LoginUid();
}

}  // namespace eic::admin
