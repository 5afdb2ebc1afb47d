// The chain as sshd's command, and the members that `enable --chain` makes of a command that it
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

// Whom sshd runs a chain of several users as.
inline constexpr std::string_view kChainUser = "root";

// What sshd is to run in the place of `former`, so that former and our agent both run: the chain
// with the tokens that the two use. As the command's user where both have that one; else as root.
// Fails with kRefused where a member cannot be made of it: quotes that do not close, a token that
// sshd does not have, a user with a token.
Outcome<Effective> ChainBeside(const Effective& former);

// Whether this is a command that ChainBeside makes, whatever its tokens.
bool IsChainAsWritten(std::string_view command);

// The file of a member, as `enable --chain` writes it.
struct MemberText {
  std::string path;
  std::string text;
};

// Our agent's and the former command's.
std::vector<MemberText> MembersBeside(const Effective& former);

// Whether a member's file is as `enable --chain` writes one: then nobody edited it.
bool IsMemberAsWritten(std::string_view text);

// The members of the tree's chain; those that are refused are among them by name.
chain::Outcome<chain::MemberFolder> ReadMembers(const Layout& layout);

// That the two members which `enable --chain` writes would run, as their files stand: sshd never
// looks at them. Fails with kFailed, `member-refused`, where the chain would not take its folder or
// one of them, or one's user does not exist. Users are looked up on a live system alone: an image's
// may come from a directory, or at its first boot. Of a tree that is not entered only the folder is
// looked at, since its programs are another system's.
Outcome<Nothing> CheckMembersWouldRun(const Layout& layout);

// The member that runs our agent; the first of them.
std::optional<chain::Member> FindAgentMember(const Layout& layout);

}  // namespace eic::admin
