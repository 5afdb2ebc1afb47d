#include "emulator/openssh_key.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "core/base64.h"

namespace eic::emulator {
namespace {

constexpr std::string_view kAccepted =
    "accepted are ssh-ed25519 keys and ssh-rsa keys of 2048, 3072 or 4096 bits, in OpenSSH format";
constexpr std::size_t kEd25519Bytes = 32;
constexpr std::string_view kBlanks = " \t\r\n";

RefusedKey Refuse(std::string_view why) {
  return RefusedKey{std::string(why).append("; ").append(kAccepted)};
}

std::string_view Trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// Takes the first word and the blanks after it from `text`.
std::string_view TakeWord(std::string_view& text) {
  const std::string_view word = text.substr(0, text.find_first_of(" \t"));
  text.remove_prefix(word.size());
  text.remove_prefix(std::min(text.size(), text.find_first_not_of(" \t")));
  return word;
}

// Takes one "string" (RFC 4251 section 5) from `bytes`.
std::optional<std::string_view> TakeString(std::string_view& bytes) {
  if (bytes.size() < 4) return std::nullopt;
  std::uint32_t size = 0;
  for (const char byte : bytes.substr(0, 4)) {
    size = (size << 8U) | static_cast<unsigned char>(byte);
  }
  bytes.remove_prefix(4);
  if (size > bytes.size()) return std::nullopt;
  const std::string_view taken = bytes.substr(0, size);
  bytes.remove_prefix(size);
  return taken;
}

// The bits of a positive "mpint"; 0 for a negative or padded one.
std::size_t BitLength(std::string_view mpint) {
  if (mpint.empty() || (static_cast<unsigned char>(mpint[0]) & 0x80U) != 0) return 0;
  if (mpint[0] == '\0') mpint.remove_prefix(1);
  if (mpint.empty() || mpint[0] == '\0') return 0;
  std::size_t bits = mpint.size() * 8;
  for (unsigned mask = 0x80; (static_cast<unsigned char>(mpint[0]) & mask) == 0; mask >>= 1U) {
    --bits;
  }
  return bits;
}

bool IsAcceptedRsa(std::string_view rest) {
  const std::optional<std::string_view> exponent = TakeString(rest);
  const std::optional<std::string_view> modulus = TakeString(rest);
  if (!exponent || !modulus || !rest.empty() || BitLength(*exponent) == 0) return false;
  const std::size_t bits = BitLength(*modulus);
  return bits == 2048 || bits == 3072 || bits == 4096;
}

bool IsAcceptedEd25519(std::string_view rest) {
  const std::optional<std::string_view> point = TakeString(rest);
  return point && point->size() == kEd25519Bytes && rest.empty();
}

}  // namespace

std::variant<AcceptedKey, RefusedKey> CheckPublicKey(std::string_view text) {
  std::string_view comment = Trim(text);
  const bool one_line = std::all_of(comment.begin(), comment.end(), [](unsigned char c) {
    return c == '\t' || (c >= 0x20 && c != 0x7F);
  });
  // A line end inside would let a pushed key write lines of its own into the signed record.
  if (!one_line) return Refuse("the key is not one line of text");

  const std::string_view type = TakeWord(comment);
  const std::string_view base64 = TakeWord(comment);
  const std::optional<std::string> wire = DecodeBase64(base64);
  if (!wire) return Refuse("the key is not in base64");
  std::string_view rest = *wire;
  const std::optional<std::string_view> inner_type = TakeString(rest);
  if (!inner_type || *inner_type != type) return Refuse("the key is not of the type that it names");
  const bool accepted = (type == "ssh-rsa" && IsAcceptedRsa(rest)) ||
                        (type == "ssh-ed25519" && IsAcceptedEd25519(rest));
  if (!accepted) return Refuse("this type or size of key is not accepted");

  std::string line(type);
  line.append(" ").append(base64);
  if (!comment.empty()) line.append(" ").append(comment);
  return AcceptedKey{line};
}

}  // namespace eic::emulator
