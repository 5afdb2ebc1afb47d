#include "core/base64.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace eic {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNotInAlphabet = 0xff;

constexpr std::array<std::uint8_t, 256> MakeValues() {
  std::array<std::uint8_t, 256> values{};
  for (std::uint8_t& value : values) value = kNotInAlphabet;
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}
constexpr std::array<std::uint8_t, 256> kValues = MakeValues();

char Byte(std::uint32_t bits, int shift) { return static_cast<char>((bits >> shift) & 0xffU); }

char Letter(std::uint32_t bits, int shift) { return kAlphabet[(bits >> shift) & 0x3fU]; }

}  // namespace

std::optional<std::string> DecodeBase64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;

  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  for (std::size_t at = 0; at < text.size(); at += 4) {
    const std::size_t pad_here = at + 4 == text.size() ? padding : 0;
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      std::uint8_t value = 0;
      if (i < 4 - pad_here) value = kValues[static_cast<unsigned char>(text[at + i])];
      if (value == kNotInAlphabet) return std::nullopt;
      bits = bits << 6 | value;
    }
    // The bits that padding replaces must be zero, or two texts would decode to the same bytes.
    if (pad_here == 1 && (bits & 0xffU) != 0) return std::nullopt;
    if (pad_here == 2 && (bits & 0xffffU) != 0) return std::nullopt;
    bytes += Byte(bits, 16);
    if (pad_here < 2) bytes += Byte(bits, 8);
    if (pad_here < 1) bytes += Byte(bits, 0);
  }
  return bytes;
}

std::string EncodeBase64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::size_t count = bytes.size() - at < 3 ? bytes.size() - at : 3;
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      bits = bits << 8 | (i < count ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    }
    text += Letter(bits, 18);
    text += Letter(bits, 12);
    text += count > 1 ? Letter(bits, 6) : '=';
    text += count > 2 ? Letter(bits, 0) : '=';
  }
  return text;
}

}  // namespace eic
