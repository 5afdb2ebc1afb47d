#include "admin/config_text.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "admin/drop_in_text.h"
#include "admin/sshd_config.h"

namespace eic::admin {
namespace {

// A half-open range of bytes.
struct Range {
  std::size_t begin;
  std::size_t end;
};

std::string_view WithoutBlanksAtEnd(std::string_view line) {
  const std::size_t last = line.find_last_not_of(" \t\r");
  return line.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

bool StartsWith(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

bool IsLineOfBlock(std::string_view line) {
  for (const std::string_view ours : SplitLines(WantedBlock())) {
    if (WithoutBlanksAtEnd(line) == ours) return true;
  }
  return false;
}

// The block, its last line feed included.
std::optional<Range> FindBlock(std::string_view text) {
  std::optional<Range> block;
  std::size_t offset = 0;
  bool only_ours = true;
  std::size_t end_of_ours = 0;
  for (const std::string_view line : SplitLines(text)) {
    const std::size_t next = std::min(text.size(), offset + line.size() + 1);
    const std::string_view bare = WithoutBlanksAtEnd(line);
    if (!block && bare == kBlockBegin) {
      block = Range{offset, next};
      end_of_ours = next;
    } else if (block && bare == kBlockEnd) {
      return Range{block->begin, next};
    } else if (block && only_ours && bare != kBlockBegin && IsLineOfBlock(line)) {
      end_of_ours = next;
    } else if (block) {
      only_ours = false;
    }
    offset = next;
  }
  if (block) block->end = end_of_ours;
  return block;
}

}  // namespace

std::string_view WantedBlock() { return kDropInText; }

bool HasBlock(std::string_view text) { return FindBlock(text).has_value(); }

std::string RemoveBlock(std::string_view text) {
  std::string rest(text);
  while (const std::optional<Range> block = FindBlock(rest)) {
    rest.erase(block->begin, block->end - block->begin);
  }
  return rest;
}

std::string AddBlock(std::string_view text) {
  return std::string(WantedBlock()) + RemoveBlock(text);
}

bool BlockIsUnedited(std::string_view text) {
  const std::optional<Range> block = FindBlock(text);
  if (!block) return true;
  for (const std::string_view line :
       SplitLines(text.substr(block->begin, block->end - block->begin))) {
    if (!StartsWith(line, "#") && !IsLineOfBlock(line)) return false;
  }
  return true;
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

}  // namespace eic::admin
