#include "admin/slot/chain_setting.h"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>

#include "admin/layout.h"
#include "admin/slot/agent_command.h"
#include "admin/slot/owner.h"
#include "admin/sshd/sshd_config.h"
#include "chain/tokens.h"

namespace eic::admin {
namespace {

constexpr std::string_view kMemberComment =
    "# Written by `ec2-instance-connect enable --chain`; `ec2-instance-connect disable` deletes "
    "it.\n"
    "# See eic-chain(8).\n";
constexpr std::string_view kTokensOption = " --tokens ";

// `.../eic-chain -- %u %f %t`, or with other letters `.../eic-chain --tokens uftk -- %u %f %t %k`.
std::string ChainCommand(const std::string& letters) {
  std::string command(kChainPath);
  if (letters != chain::kDefaultTokens) command += std::string(kTokensOption) + letters;
  command += " --";
  for (const char letter : letters) command += std::string(" %") + letter;
  return command;
}

std::string FileNameOf(std::string_view path) {
  return std::string(path.substr(path.rfind('/') + 1));
}

Failure WouldNotRun(const std::string& what) {
  return {ExitStatus::kFailed, "member-refused", what};
}

// Why the chain leaves out the member of this file; empty if it does not.
std::string WhyItWouldNotRun(const chain::MemberFolder& folder, const std::string& file_name,
                             bool is_live) {
  for (const chain::RefusedFile& refused : folder.refused) {
    if (refused.name == file_name) return refused.why;
  }
  for (const chain::Member& member : folder.members) {
    if (member.name + ".conf" != file_name) continue;
    // An image's users may come from a directory, or at its first boot.
    if (!is_live) return "";
    // cppcheck-suppress getpwnamCalled ; one thread
    return getpwnam(member.user.c_str()) == nullptr ? "there is no user " + member.user : "";
  }
  return "it does not exist";
}

bool TakeLine(std::string_view prefix, std::string_view* text) {
  if (text->substr(0, prefix.size()) != prefix) return false;
  const std::size_t end = text->find('\n');
  *text = end == std::string_view::npos ? std::string_view() : text->substr(end + 1);
  return true;
}

}  // namespace

Outcome<Effective> ChainBeside(const Effective& former) {
  // sshd replaces %u there; a member has one user, whoever logs in.
  if (former.user.find('%') != std::string::npos) {
    return Failure{ExitStatus::kRefused, "no-member",
                   "no member of the chain can be made of `" + former.command +
                       "`: AuthorizedKeysCommandUser is `" + former.user +
                       "`, but a member has one user for all logins. Nothing was changed. Give it "
                       "one user and run this again, or leave sshd's AuthorizedKeysCommand to it"};
  }
  const std::string name = FileNameOf(kFormerMember);
  const std::string text = chain::FormatMemberFile("", former.command, former.user, false);
  const chain::Outcome<chain::Member> member = chain::ParseMemberFile(name, text);
  if (!member) {
    return Failure{ExitStatus::kRefused, "no-member",
                   "no member of the chain can be made of `" + former.command + "` as `" +
                       former.user + "`: " + member.error().text + ". Nothing was changed"};
  }
  std::string letters(chain::kDefaultTokens);
  const chain::Outcome<std::string> used = chain::TokensOf(member->words);
  for (const char letter : used ? *used : std::string()) {
    if (letters.find(letter) == std::string::npos) letters += letter;
  }
  const bool is_ones = former.user == kWantedUser;
  return Effective{ChainCommand(letters), std::string(is_ones ? kWantedUser : kChainUser)};
}

bool IsChainAsWritten(std::string_view command) {
  if (!IsChain(command)) return false;
  std::string letters(chain::kDefaultTokens);
  const std::string_view rest = command.substr(kChainPath.size());
  if (rest.substr(0, kTokensOption.size()) == kTokensOption) {
    const std::string_view value = rest.substr(kTokensOption.size());
    letters = value.substr(0, value.find(' '));
  }
  return command == ChainCommand(letters);
}

std::vector<MemberText> MembersBeside(const Effective& former) {
  return {{std::string(kOwnMember),
           chain::FormatMemberFile(kMemberComment, kWantedCommand, kWantedUser, true)},
          {std::string(kFormerMember),
           chain::FormatMemberFile(kMemberComment, former.command, former.user, false)}};
}

bool IsMemberAsWritten(std::string_view text) {
  if (text.substr(0, kMemberComment.size()) != kMemberComment) return false;
  text.remove_prefix(kMemberComment.size());
  if (!TakeLine("command = ", &text) || !TakeLine("user = ", &text)) return false;
  return text.empty() || text == "confine = yes\n";
}

chain::Outcome<chain::MemberFolder> ReadMembers(const Layout& layout) {
  // A tree under a prefix may belong to whoever administers it.
  const chain::Trust trust{layout.root.empty() ? 0 : geteuid(),
                           layout.root.empty() ? "/" : layout.root};
  return chain::ReadMemberFolder(layout.Real(kChainFolder), trust);
}

Outcome<Nothing> CheckMembersWouldRun(const Layout& layout) {
  const chain::Outcome<chain::MemberFolder> folder = ReadMembers(layout);
  if (!folder) return WouldNotRun("the chain would run no member: " + folder.error().text);
  if (!layout.root.empty()) return Nothing{};
  for (const std::string_view path : {kOwnMember, kFormerMember}) {
    const std::string why = WhyItWouldNotRun(*folder, FileNameOf(path), layout.is_live);
    if (!why.empty()) return WouldNotRun(std::string(path) + " would not run: " + why);
  }
  return Nothing{};
}

std::optional<chain::Member> FindAgentMember(const Layout& layout) {
  const chain::Outcome<chain::MemberFolder> folder = ReadMembers(layout);
  if (!folder) return std::nullopt;
  const auto found =
      std::find_if(folder->members.begin(), folder->members.end(),
                   [&](const chain::Member& member) { return RunsAgent(layout, member.command); });
  if (found == folder->members.end()) return std::nullopt;
  return *found;
}

}  // namespace eic::admin
