#include "client/terminal_text.h"

#include <cstdint>

namespace eic::client {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kCutMark = "...";

struct CodePoint {
  std::uint32_t value;
  std::size_t bytes;  // 0: no UTF-8 begins here
};

struct Lead {
  unsigned char mask, mark;
  std::size_t bytes;
  std::uint32_t value_min;  // below it the form is longer than it need be
};

constexpr Lead kLeads[] = {
    {0x80, 0x00, 1, 0}, {0xe0, 0xc0, 2, 0x80}, {0xf0, 0xe0, 3, 0x800}, {0xf8, 0xf0, 4, 0x10000}};

// RFC 3629, section 4.
CodePoint Decode(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  for (const Lead& lead : kLeads) {
    if ((first & lead.mask) != lead.mark) continue;
    if (text.size() < lead.bytes) return {0, 0};
    std::uint32_t value = first & static_cast<unsigned char>(~lead.mask);
    for (std::size_t at = 1; at < lead.bytes; ++at) {
      const auto byte = static_cast<unsigned char>(text[at]);
      if ((byte & 0xc0U) != 0x80U) return {0, 0};
      value = (value << 6U) | (byte & 0x3fU);
    }
    const bool is_surrogate = value >= 0xd800 && value <= 0xdfff;
    if (value < lead.value_min || value > 0x10ffff || is_surrogate) return {0, 0};
    return {value, lead.bytes};
  }
  return {0, 0};
}

// Controls, and what turns or hides text: zero-width and bidirectional marks, separators of lines.
bool Steers(std::uint32_t value) {
  return value < 0x20 || (value >= 0x7f && value <= 0x9f) || value == 0x61c ||
         (value >= 0x200b && value <= 0x200f) || (value >= 0x2028 && value <= 0x202e) ||
         (value >= 0x2066 && value <= 0x2069) || value == 0xfeff;
}

std::string Safe(std::string_view text, std::size_t bytes_max, bool keeps_line_feeds) {
  std::string safe;
  std::size_t cut = 0;  // the last whole character that leaves room for the mark
  while (!text.empty()) {
    if (safe.size() + kCutMark.size() <= bytes_max) cut = safe.size();
    const CodePoint point = Decode(text);
    const std::size_t taken = point.bytes == 0 ? 1 : point.bytes;
    const bool stays = keeps_line_feeds && text[0] == '\n';
    if (stays || (point.bytes != 0 && !Steers(point.value))) {
      safe += text.substr(0, taken);
    } else {
      for (const char c : text.substr(0, taken)) {
        const auto byte = static_cast<unsigned char>(c);
        safe += "\\x";
        safe += kHexDigits[byte >> 4U];
        safe += kHexDigits[byte & 0xfU];
      }
    }
    if (safe.size() > bytes_max) {
      safe.resize(cut);
      safe.append(kCutMark.substr(0, bytes_max - cut));
      return safe;
    }
    text.remove_prefix(taken);
  }
  return safe;
}

}  // namespace

std::string TerminalLine(std::string_view text, std::size_t bytes_max) {
  return Safe(text, bytes_max, false);
}

std::string TerminalLines(std::string_view text, std::size_t bytes_max) {
  return Safe(text, bytes_max, true);
}

std::size_t TerminalColumns(std::string_view text) {
  std::size_t columns = 0;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xc0U) != 0x80U) ++columns;
  }
  return columns;
}

std::string CutToColumns(std::string_view text, std::size_t columns) {
  if (TerminalColumns(text) <= columns) return std::string(text);
  const std::size_t kept = columns > kCutMark.size() ? columns - kCutMark.size() : 0;
  std::size_t seen = 0;
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    if ((static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80U) continue;
    if (seen == kept) break;
    ++seen;
  }
  return std::string(text.substr(0, at)).append(kCutMark.substr(0, columns));
}

}  // namespace eic::client
