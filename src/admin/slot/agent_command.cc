#include "admin/slot/agent_command.h"

#include <pwd.h>

#include "admin/slot/chain_setting.h"
#include "admin/slot/owner.h"

namespace eic::admin {
namespace {

constexpr std::string_view kAgentName = "/eic-authorized-keys";

}  // namespace

bool RunsAgent(const Layout& layout, std::string_view command) {
  const std::string program = ProgramOf(command);
  const bool has_name =
      program.size() > kAgentName.size() &&
      program.compare(program.size() - kAgentName.size(), kAgentName.size(), kAgentName) == 0;
  return has_name || LeadsToAgent(layout, command);
}

std::optional<Effective> AgentBehind(const Layout& layout, const Effective& effective) {
  if (!IsChain(effective.command)) {
    if (!RunsAgent(layout, effective.command)) return std::nullopt;
    return effective;
  }
  const std::optional<chain::Member> member = FindAgentMember(layout);
  if (!member) return std::nullopt;
  return Effective{member->command, member->user, effective.pid_file};
}

std::optional<Account> FindAccount(const std::string& name) {
  // cppcheck-suppress getpwnamCalled ; one thread
  const passwd* entry = name.empty() ? nullptr : getpwnam(name.c_str());
  if (entry == nullptr) return std::nullopt;
  return Account{entry->pw_name, entry->pw_uid, entry->pw_gid};
}

Connection ConnectionOf(const std::string& name, const std::string& address) {
  return "user=" + (name.empty() ? "eic-nobody-in-particular" : name) +
         ",host=" + (address.empty() ? "host.invalid" : address) +
         ",addr=" + (address.empty() ? "192.0.2.1" : address) + ",laddr=192.0.2.2,lport=22";
}

Outcome<InstalledCommand> FindAgentCommand(const Outside& outside, Sshd& sshd,
                                           const std::string& login) {
  const Outcome<Survey> survey = TakeSurvey(outside, sshd);
  const Outcome<Effective> effective =
      survey ? sshd.AskAsIs(survey->options(), ConnectionOf(login)) : survey.error();
  InstalledCommand installed{std::string(kWantedCommand), {}, false};
  std::string user(kWantedUser);
  const std::optional<Effective> agent =
      effective ? AgentBehind(outside.layout, *effective) : std::nullopt;
  if (agent) {
    installed.command = agent->command;
    installed.is_in_force = true;
    user = agent->user;
  }
  const std::optional<Account> account = FindAccount(user);
  if (!account) {
    return Failure{ExitStatus::kFailed, "command-user-unknown",
                   "there is no user " + user + ", which sshd would run the agent as"};
  }
  installed.account = *account;
  return installed;
}

}  // namespace eic::admin
