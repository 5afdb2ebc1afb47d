// Edits of a configuration file as pure functions on its bytes. Each can be undone from the text
// alone, byte for byte, so nothing has to be remembered elsewhere and an administrator who edits
// the file in between loses nothing.
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
// that stands elsewhere is taken out first.
std::string AddBlock(std::string_view text, std::string_view block = WantedBlock());

// The text without the block. A block whose end mark is missing ends with the last line that is one
// of ours. What somebody else wrote into a block and sshd reads stays, in its place: an
// `AllowUsers` that went with the block would let in whom it kept out. Comments go, and the
// settings of the command, unless they are somebody else's.
std::string RemoveBlock(std::string_view text);
bool HasBlock(std::string_view text);

// The first line (from 1) between the marks that `enable` did not write; none where every block is
// as it was written. RemoveBlock loses bytes of a text that has one.
std::optional<std::size_t> EditedLine(std::string_view text);

// Turns lines (from 1) into comments, and all such comments back into lines.
std::string SetAside(std::string_view text, const std::set<std::size_t>& lines);
std::string GiveBack(std::string_view text);
bool HasSetAside(std::string_view text);

// What takes the place of a link that is set aside: its target, for whoever puts it back, and a
// digest, which shows whether somebody has written into the file since; then `text`.
std::string InPlaceOfLink(const std::string& target, std::string_view text);

// The target in such a text; none in any other.
std::optional<std::string> LinkSetAside(std::string_view text);
std::string WithoutLinkSetAside(std::string_view text);

// Whether such a text has nothing more and nothing less than it got then, our block and lines that
// were set aside apart.
bool IsAsPutInPlaceOfLink(std::string_view text);

}  // namespace eic::admin
