#include "core/printable.h"

#include <array>

namespace eic {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kCutMark = "...";

bool IsPlain(char c) { return c >= 0x20 && c <= 0x7e; }

bool NeedsEscape(char c) { return !IsPlain(c) || c == '"' || c == '\\'; }

void AppendEscaped(char c, std::string& text) {
  const auto byte = static_cast<unsigned char>(c);
  text += "\\x";
  text += kHexDigits[byte >> 4];
  text += kHexDigits[byte & 0xfU];
}

}  // namespace

std::string Printable(std::string_view text, std::size_t bytes_max) {
  std::string safe;
  // Where to cut if the text turns out too long: after the last whole character that leaves room
  // for the mark.
  std::size_t cut = 0;
  for (const char c : text) {
    if (safe.size() + kCutMark.size() <= bytes_max) cut = safe.size();
    if (NeedsEscape(c)) {
      AppendEscaped(c, safe);
    } else {
      safe += c;
    }
    if (safe.size() > bytes_max) {
      safe.resize(cut);
      safe.append(kCutMark.substr(0, bytes_max - cut));
      return safe;
    }
  }
  return safe;
}

std::string PrintableLines(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    if (IsPlain(c) || c == '\n') {
      safe += c;
    } else {
      AppendEscaped(c, safe);
    }
  }
  return safe;
}

std::string PrintableLine(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  std::string safe;
  for (const char c : text.substr(0, text.find_last_not_of(kBlanks) + 1)) {
    if (IsPlain(c)) {
      safe += c;
    } else if (kBlanks.find(c) != std::string_view::npos) {
      safe += ' ';
    } else {
      AppendEscaped(c, safe);
    }
  }
  return safe;
}

}  // namespace eic
