#include "admin/slot/owner.h"

#include <stdlib.h>

#include <array>
#include <memory>
#include <optional>

#include "admin/sshd/settings.h"
#include "chain/words.h"

namespace eic::admin {
namespace {

constexpr std::array<std::string_view, 6> kShellAgentPrograms = {
    "/usr/share/ec2-instance-connect/eic_run_authorized_keys",
    "/usr/share/ec2-instance-connect/eic_curl_authorized_keys",
    "/opt/aws/bin/eic_run_authorized_keys",
    "/opt/aws/bin/eic_curl_authorized_keys",
    "/opt/aws/bin/curl_authorized_keys",
    "/usr/bin/eic_run_authorized_keys",
};

struct KnownProgram {
  std::string_view path;
  std::string_view owner;
};

constexpr std::array<KnownProgram, 6> kKnownPrograms = {{
    {"/usr/bin/sss_ssh_authorizedkeys", "SSSD"},
    {"/usr/bin/google_authorized_keys", "the Google guest agent"},
    {"/usr/bin/userdbctl", "systemd-userdbd"},
    {"/usr/sbin/aad_certhandler", "Azure AD login"},
    {"/usr/libexec/openssh/ssh-ldap-wrapper", "openssh-ldap"},
    {"/usr/lib/stns/stns-key-wrapper", "STNS"},
}};

bool IsShellAgent(std::string_view program) {
  for (const std::string_view known : kShellAgentPrograms) {
    if (program == known) return true;
  }
  return false;
}

// Empty if nothing is there.
std::string RealPath(const std::string& path) {
  const std::unique_ptr<char, decltype(&free)> real(realpath(path.c_str(), nullptr), &free);
  return real ? real.get() : "";
}

}  // namespace

std::string_view OwnerSlug(Owner owner) {
  switch (owner) {
    case Owner::kNobody:
      return "none";
    case Owner::kOurs:
      return "ours";
    case Owner::kShellAgent:
      return "shell-agent";
    case Owner::kSomebodyElse:
      return "other";
  }
  return "other";
}

std::vector<std::string> ShellAgentPrograms() {
  return {kShellAgentPrograms.begin(), kShellAgentPrograms.end()};
}

std::string ProgramOf(std::string_view command) {
  const std::optional<std::vector<std::string>> split = chain::SplitCommand(command);
  // A quote that is not closed hides the words, but the slot is taken anyway.
  const std::vector<std::string> words = split ? *split : SplitWords(command, ' ');
  if (words.empty()) return "";
  // `timeout 5s PROGRAM`: a form of the shell agent's.
  const bool wrapped = words[0] == "/usr/bin/timeout" && words.size() > 2;
  return wrapped && IsShellAgent(words[2]) ? words[2] : words[0];
}

Owner OwnerOf(std::string_view command) {
  const std::string program = ProgramOf(command);
  if (program.empty() || WithoutNone(program).empty()) return Owner::kNobody;
  if (program == kAgentPath || program == kChainPath) return Owner::kOurs;
  return IsShellAgent(program) ? Owner::kShellAgent : Owner::kSomebodyElse;
}

std::string Describe(std::string_view command) {
  std::string program = ProgramOf(command);
  if (IsShellAgent(program)) return "the shell agent (" + program + ")";
  for (const KnownProgram& known : kKnownPrograms) {
    if (program == known.path) return std::string(known.owner) + " (" + program + ")";
  }
  return program;
}

bool IsChain(std::string_view command) { return ProgramOf(command) == kChainPath; }

bool LeadsToAgent(const Layout& layout, std::string_view command) {
  const std::string program = RealPath(layout.Real(ProgramOf(command)));
  return !program.empty() && program == RealPath(layout.Real(kAgentPath));
}

bool ProgramIsItsOwn(const Layout& layout, std::string_view command) {
  return !RealPath(layout.Real(ProgramOf(command))).empty() && !LeadsToAgent(layout, command);
}

}  // namespace eic::admin
