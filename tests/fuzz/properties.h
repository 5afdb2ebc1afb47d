// What the targets hold, where more than one of them holds it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/ssh_public_key.h"

namespace eic::fuzz {

// Ends the process, naming `property`, where it is not `kept`. That is a finding.
void Hold(bool kept, const char* property);

// True if every byte is printable ASCII.
bool IsPrintable(std::string_view text);

// What sshd would be told of `key` is one line `type base64` in the one form there is: it parses
// again to the same key, and has no room for an option, a comment or a second line.
void HoldCanonicalLine(const SshPublicKey& key);

// `input` divided at each byte 0x1d (ASCII group separator); one section or more. The bytes live as
// long as `input`.
std::vector<std::string_view> Sections(std::string_view input);
inline constexpr char kSectionEnd = '\x1d';

}  // namespace eic::fuzz
