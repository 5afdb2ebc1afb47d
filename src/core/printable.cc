#include "core/printable.h"

#include <array>

namespace eic {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kCutMark = "...";

bool NeedsEscape(unsigned char byte) {
  return byte < 0x20 || byte > 0x7e || byte == '"' || byte == '\\';
}

}  // namespace

std::string Printable(std::string_view text, std::size_t bytes_max) {
  std::string safe;
  // Where to cut if the text turns out too long: the last whole character that leaves room for
  // the mark.
  std::size_t cut = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (safe.size() + kCutMark.size() <= bytes_max) cut = safe.size();
    if (NeedsEscape(byte)) {
      safe += "\\x";
      safe += kHexDigits[byte >> 4];
      safe += kHexDigits[byte & 0xfU];
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

}  // namespace eic
