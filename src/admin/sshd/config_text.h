// Edits of a configuration file, as pure functions on its bytes. Each can be undone byte for byte
// from the text alone. So nothing is stored elsewhere, and an administrator who edits the file in
// between loses nothing.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace eic::admin {

inline constexpr std::string_view kBlockBegin = "# BEGIN ec2-instance-connect";
inline constexpr std::string_view kBlockEnd = "# END ec2-instance-connect";
inline constexpr std::string_view kSetAsidePrefix = "#set-aside-by-ec2-instance-connect# ";

// The lines that `enable` puts into a file, marks included: sshd_config.d/ of the source.
std::string_view WantedBlock();

// The same for the chain (admin/chain_setting.h), with this command and this user.
std::string ChainBlock(const std::string& command, const std::string& user);

// The text with the block at its top: before every other value, and before every Match. A block
// elsewhere in the text is removed first.
std::string AddBlock(std::string_view text, std::string_view block = WantedBlock());

// The text without the block. A block without an end mark ends with its last line that is ours.
// Lines that somebody else wrote into a block and that sshd reads stay in their place: if an
// `AllowUsers` disappeared with the block, users whom it kept out could log in. Comments disappear,
// and so do the settings of the command unless they are somebody else's.
std::string RemoveBlock(std::string_view text);
bool HasBlock(std::string_view text);

// The first line (from 1) between the marks that `enable` did not write; none if every block is as
// it was written. If there is one, RemoveBlock loses bytes of the text.
std::optional<std::size_t> EditedLine(std::string_view text);

// Turns lines (from 1) into comments, and all such comments back into lines.
std::string SetAside(std::string_view text, const std::set<std::size_t>& lines);
std::string GiveBack(std::string_view text);
bool HasSetAside(std::string_view text);

// The text of a file that replaces a link: the link's target, so that it can be restored; a digest,
// which shows whether somebody has edited the file since; then `text`.
std::string InPlaceOfLink(const std::string& target, std::string_view text);

// The target in such a text; none in any other.
std::optional<std::string> LinkSetAside(std::string_view text);
std::string WithoutLinkSetAside(std::string_view text);

// Whether such a text is as it was written, except for our block and lines that were commented out.
bool IsAsPutInPlaceOfLink(std::string_view text);

}  // namespace eic::admin
