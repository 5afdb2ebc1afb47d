// The chain as sshd's command, and the members that `enable --chain` makes from the command that it
// finds in the slot. doc/design.md, "The chain".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "admin/failure.h"
#include "admin/files/tree.h"
#include "admin/sshd/sshd.h"
#include "chain/member_folder.h"

namespace eic::admin {

// The user that sshd runs a chain as if its members have several users.
inline constexpr std::string_view kChainUser = "root";

// The command that replaces `former`, so that former and our agent both run: the chain with the
// tokens that the two use. It runs as their user if they have the same one, otherwise as root.
// Fails with kRefused if former cannot become a member: quotes that do not close, a token that sshd
// does not have, a user with a token.
Outcome<Effective> ChainBeside(const Effective& former);

// Whether ChainBeside makes such a command, with any tokens.
bool IsChainAsWritten(std::string_view command);

// The file of a member, as `enable --chain` writes it.
struct MemberText {
  std::string path;
  std::string text;
};

// Our agent's and the former command's.
std::vector<MemberText> MembersBeside(const Effective& former);

// Whether a member's file is as `enable --chain` writes it, so nobody edited it.
bool IsMemberAsWritten(std::string_view text);

// The members of the tree's chain, including the names of those that are refused.
chain::Outcome<chain::MemberFolder> ReadMembers(const Layout& layout);

// Checks that the two members which `enable --chain` writes would run, because sshd never looks at
// them. Fails with kFailed, `member-refused`, if the chain would refuse its folder or one of them,
// or if the user of one does not exist. It looks up users only on a live system: those of an image
// may come from a directory or be made at its first boot. In a tree that is not entered it looks
// only at the folder, because the programs are another system's.
Outcome<Nothing> CheckMembersWouldRun(const Layout& layout);

// The member that runs our agent; the first of them.
std::optional<chain::Member> FindAgentMember(const Layout& layout);

}  // namespace eic::admin
