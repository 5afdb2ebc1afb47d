#include "admin/sshd/config_text.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "admin/sessions/caller_environment.h"
#include "admin/slot/chain_setting.h"
#include "admin/slot/owner.h"
#include "admin/sshd/drop_in_text.h"
#include "admin/sshd/sshd_config.h"

namespace eic::admin {
namespace {

// A half-open range of bytes.
struct Range {
  std::size_t begin;
  std::size_t end;
};

std::string_view WithoutBlanksAtEnd(std::string_view line) {
  const std::size_t last = line.find_last_not_of(" \t\r\n");
  return line.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

bool StartsWith(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

std::string CommandLine(std::string_view command) {
  return "AuthorizedKeysCommand " + std::string(command);
}

std::string UserLine(std::string_view user) {
  return "AuthorizedKeysCommandUser " + std::string(user);
}

// A line of the block as `enable` writes it, for the agent or for the chain.
bool IsLineOfBlock(std::string_view line) {
  const std::string_view bare = WithoutBlanksAtEnd(line);
  const std::string labelling = LabellingBlock(WantedBlock());
  for (const std::string_view ours : SplitLines(labelling)) {
    if (bare == ours) return true;
  }
  for (const std::string_view ours : SplitLines(WantedBlock())) {
    if (bare == ours) return true;
  }
  const ConfigLine split = SplitConfigLine(bare);
  return split.keyword == "authorizedkeyscommand" && IsChainAsWritten(split.rest) &&
         bare == CommandLine(split.rest);
}

// Only beside the chain's command: elsewhere somebody else set it.
bool IsUserOfChain(std::string_view line) {
  return WithoutBlanksAtEnd(line) == UserLine(kChainUser);
}

// The first block from `from` on, its last line feed included. A second begin mark shows that the
// first one's end is missing: the lines between the two belong to no block. Without an end mark,
// the block has the lines after its begin mark that are as `enable` writes them; of a chain, also
// that of its user.
std::optional<Range> FindBlock(std::string_view text, std::size_t from) {
  std::optional<Range> block;
  std::size_t offset = from;
  bool only_ours = true;
  bool awaits_user = false;
  std::size_t end_of_ours = 0;
  for (const std::string_view line : SplitLines(text.substr(from))) {
    const std::size_t next = std::min(text.size(), offset + line.size() + 1);
    const std::string_view bare = WithoutBlanksAtEnd(line);
    if (!block && bare == kBlockBegin) {
      block = Range{offset, next};
      end_of_ours = next;
    } else if (block && bare == kBlockBegin) {
      break;
    } else if (block && bare == kBlockEnd) {
      return Range{block->begin, next};
    } else if (block && only_ours &&
               (IsLineOfBlock(line) || (awaits_user && IsUserOfChain(line)))) {
      end_of_ours = next;
      awaits_user = IsChain(SplitConfigLine(bare).rest);
    } else if (block) {
      only_ours = false;
    }
    offset = next;
  }
  if (block) block->end = end_of_ours;
  return block;
}

// The lines of a block with their line feeds.
std::vector<std::string_view> LinesOf(std::string_view text, const Range& block) {
  std::vector<std::string_view> lines;
  std::size_t offset = block.begin;
  while (offset < block.end) {
    const std::size_t line_feed = text.find('\n', offset);
    const std::size_t next = line_feed == std::string_view::npos ? block.end : line_feed + 1;
    lines.push_back(text.substr(offset, next - offset));
    offset = next;
  }
  return lines;
}

// The lines of a block that sshd reads and that are not for our agent.
std::string LinesOfOthers(std::string_view text, const Range& block) {
  bool names_ours = false;
  bool names_another = false;
  const std::vector<std::string_view> lines = LinesOf(text, block);
  for (const std::string_view line : lines) {
    const ConfigLine split = SplitConfigLine(line);
    if (split.keyword != "authorizedkeyscommand") continue;
    const Owner owner = OwnerOf(split.rest);
    names_ours = names_ours || owner == Owner::kOurs;
    names_another = names_another || owner == Owner::kSomebodyElse || owner == Owner::kShellAgent;
  }
  std::string others;
  for (const std::string_view line : lines) {
    const ConfigLine split = SplitConfigLine(line);
    const bool is_command = split.keyword == "authorizedkeyscommand";
    const bool is_user = split.keyword == "authorizedkeyscommanduser";
    const bool goes = split.keyword.empty() ||
                      (is_command && OwnerOf(split.rest) == Owner::kOurs) ||
                      WithoutBlanksAtEnd(line) == kPermitLine ||
                      // sshd does not start with a command that has no user.
                      (is_user && !names_another && (names_ours || IsLineOfBlock(line)));
    if (!goes) others += line;
  }
  return others;
}

constexpr std::string_view kLinkComment =
    "# Replaces a link, which `ec2-instance-connect disable` restores if nobody edits this file:\n";
constexpr std::string_view kLinkPrefix = "#link-set-aside-by-ec2-instance-connect# ";
constexpr std::string_view kDigestPrefix = "#sha256-by-ec2-instance-connect# ";

// Empty if OpenSSL does not compute it.
std::string HexDigest(std::string_view bytes) {
  constexpr std::string_view kHexDigits = "0123456789abcdef";
  std::array<unsigned char, EVP_MAX_MD_SIZE> value{};
  unsigned int length = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), value.data(), &length, EVP_sha256(), nullptr) != 1) {
    return "";
  }
  std::string hex;
  for (unsigned int i = 0; i < length; ++i) {
    hex += kHexDigits[value.at(i) >> 4U];
    hex += kHexDigits[value.at(i) & 0xfU];
  }
  return hex;
}

// What follows the prefix in that line, which ends at the first line feed.
std::string_view BehindPrefix(std::string_view line, std::string_view prefix) {
  if (!StartsWith(line, prefix)) return {};
  return WithoutBlanksAtEnd(line.substr(prefix.size(), line.find('\n') - prefix.size()));
}

// The line with the target, the comment above it and the digest below.
std::optional<Range> FindLinkSetAside(std::string_view text) {
  std::size_t begin = text.find(kLinkPrefix);
  while (begin != std::string_view::npos && begin > 0 && text[begin - 1] != '\n') {
    begin = text.find(kLinkPrefix, begin + 1);
  }
  if (begin == std::string_view::npos) return std::nullopt;
  std::size_t end = std::min(text.size() - 1, text.find('\n', begin)) + 1;
  if (StartsWith(text.substr(end), kDigestPrefix)) {
    end = std::min(text.size() - 1, text.find('\n', end)) + 1;
  }
  if (begin >= kLinkComment.size() &&
      text.substr(begin - kLinkComment.size(), kLinkComment.size()) == kLinkComment) {
    begin -= kLinkComment.size();
  }
  return Range{begin, end};
}

}  // namespace

std::string_view WantedBlock() { return kDropInText; }

std::string ChainBlock(const std::string& command, const std::string& user) {
  std::string block;
  for (const std::string_view line : SplitLines(WantedBlock())) {
    const std::string keyword = SplitConfigLine(line).keyword;
    if (keyword == "authorizedkeyscommand") {
      block += CommandLine(command);
    } else if (keyword == "authorizedkeyscommanduser") {
      block += UserLine(user);
    } else {
      block += line;
    }
    block += '\n';
  }
  return block;
}

bool HasBlock(std::string_view text) { return FindBlock(text, 0).has_value(); }

std::string RemoveBlock(std::string_view text) {
  std::string rest;
  std::size_t offset = 0;
  while (const std::optional<Range> block = FindBlock(text, offset)) {
    rest += text.substr(offset, block->begin - offset);
    rest += LinesOfOthers(text, *block);
    offset = block->end;
  }
  return rest + std::string(text.substr(offset));
}

std::string AddBlock(std::string_view text, std::string_view block) {
  return std::string(block) + RemoveBlock(text);
}

std::optional<std::size_t> EditedLine(std::string_view text) {
  std::size_t offset = 0;
  while (const std::optional<Range> block = FindBlock(text, offset)) {
    std::size_t at = block->begin;
    const std::vector<std::string_view> lines = LinesOf(text, *block);
    const bool is_chain = std::any_of(lines.begin(), lines.end(), [](std::string_view line) {
      return IsChain(SplitConfigLine(WithoutBlanksAtEnd(line)).rest);
    });
    for (const std::string_view line : lines) {
      if (!IsLineOfBlock(line) && !(is_chain && IsUserOfChain(line))) {
        return 1 + static_cast<std::size_t>(std::count(text.begin(), text.begin() + at, '\n'));
      }
      at += line.size();
    }
    offset = block->end;
  }
  return std::nullopt;
}

std::string SetAside(std::string_view text, const std::set<std::size_t>& lines) {
  std::string edited;
  std::size_t number = 0;
  std::size_t offset = 0;
  for (const std::string_view line : SplitLines(text)) {
    if (lines.count(++number) > 0) edited += kSetAsidePrefix;
    const std::size_t next = std::min(text.size(), offset + line.size() + 1);
    edited += text.substr(offset, next - offset);
    offset = next;
  }
  return edited;
}

std::string GiveBack(std::string_view text) {
  std::string edited;
  std::size_t offset = 0;
  for (const std::string_view line : SplitLines(text)) {
    const std::size_t next = std::min(text.size(), offset + line.size() + 1);
    std::string_view whole = text.substr(offset, next - offset);
    if (StartsWith(line, kSetAsidePrefix)) whole.remove_prefix(kSetAsidePrefix.size());
    edited += whole;
    offset = next;
  }
  return edited;
}

bool HasSetAside(std::string_view text) {
  for (const std::string_view line : SplitLines(text)) {
    if (StartsWith(line, kSetAsidePrefix)) return true;
  }
  return false;
}

std::string InPlaceOfLink(const std::string& target, std::string_view text) {
  return std::string(kLinkComment) + std::string(kLinkPrefix) + target + "\n" +
         std::string(kDigestPrefix) + HexDigest(RemoveBlock(GiveBack(text))) + "\n" +
         std::string(text);
}

std::optional<std::string> LinkSetAside(std::string_view text) {
  const std::optional<Range> found = FindLinkSetAside(text);
  if (!found) return std::nullopt;
  const std::string_view target =
      BehindPrefix(text.substr(text.find(kLinkPrefix, found->begin)), kLinkPrefix);
  if (target.empty()) return std::nullopt;
  return std::string(target);
}

std::string WithoutLinkSetAside(std::string_view text) {
  const std::optional<Range> found = FindLinkSetAside(text);
  if (!found) return std::string(text);
  return std::string(text.substr(0, found->begin)) + std::string(text.substr(found->end));
}

bool IsAsPutInPlaceOfLink(std::string_view text) {
  const std::optional<Range> found = FindLinkSetAside(text);
  if (!found) return false;
  const std::string_view lines = text.substr(found->begin, found->end - found->begin);
  const std::size_t at = lines.find(kDigestPrefix);
  if (at == std::string_view::npos) return false;
  const std::string_view digest = BehindPrefix(lines.substr(at), kDigestPrefix);
  return !digest.empty() && digest == HexDigest(WithoutLinkSetAside(RemoveBlock(GiveBack(text))));
}

}  // namespace eic::admin
