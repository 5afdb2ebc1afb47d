#include "emulator/api/openssh_key.h"

#include <algorithm>
#include <optional>

#include "core/base64.h"
#include "core/bytes.h"
#include "core/reason.h"
#include "core/ssh_public_key.h"

namespace eic::emulator {
namespace {

constexpr std::string_view kAccepted =
    "accepted are ssh-ed25519 keys and ssh-rsa keys of 2048, 3072 or 4096 bits, in OpenSSH or SSH2 "
    "(RFC 4716) format";
constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::string_view kSsh2Begin = "---- BEGIN SSH2 PUBLIC KEY ----";
constexpr std::string_view kSsh2End = "---- END SSH2 PUBLIC KEY ----";

RefusedKey Refuse(std::string_view why) {
  return RefusedKey{std::string(why).append("; ").append(kAccepted)};
}

std::string_view Trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// RFC 4716 section 3.3: headers are `Tag: value`, and a line that ends in a backslash goes on in
// the next one. What is left is base64. The OpenSSH line of the key, or nothing.
std::optional<std::string> FromSsh2(std::string_view text) {
  LineCursor lines(text);
  lines.Next();  // the begin marker
  std::string base64;
  bool in_header = false;
  while (true) {
    if (lines.AtEnd()) return std::nullopt;
    const std::string_view line = Trim(lines.Next());
    if (line == kSsh2End) break;
    if (in_header || line.find(':') != std::string_view::npos) {
      in_header = !line.empty() && line.back() == '\\';
    } else {
      base64.append(line);
    }
  }
  if (!lines.AtEnd()) return std::nullopt;
  const std::optional<std::string> wire = DecodeBase64(base64);
  if (!wire) return std::nullopt;
  const std::optional<std::string_view> type = SshWireCursor(*wire).NextString();
  if (!type) return std::nullopt;
  return std::string(*type).append(" ").append(base64);
}

// Of a key that core has parsed: its modulus is an mpint in its shortest form, so one whose highest
// bit is the highest of a byte has a zero byte in front.
bool HasAcceptedSize(const SshPublicKey& key) {
  if (key.type->family != KeyType::Family::kRsa) return true;
  SshWireCursor wire(key.wire);
  wire.NextString();  // the type
  wire.NextString();  // the exponent
  const std::string_view modulus = wire.NextString().value_or("");
  const std::size_t bits = (modulus.size() - 1) * 8;
  return modulus[0] == '\0' && (bits == 2048 || bits == 3072 || bits == 4096);
}

}  // namespace

std::variant<AcceptedKey, RefusedKey> CheckPublicKey(std::string_view text) {
  std::string line(Trim(text));
  if (line.compare(0, kSsh2Begin.size(), kSsh2Begin) == 0) {
    const std::optional<std::string> converted = FromSsh2(line);
    if (!converted) return Refuse("the key is not in SSH2 format");
    line = *converted;
  }
  const bool one_line = std::all_of(line.begin(), line.end(), [](unsigned char c) {
    return c == '\t' || (c >= 0x20 && c != 0x7F);
  });
  // A line end inside would let a pushed key write lines of its own into the signed record.
  if (!one_line) return Refuse("the key is not one line of text");
  const Result<SshPublicKey> key = ParseSshPublicKey(line);
  if (!key)
    return Refuse("the key is not a good one (" + std::string(Slug(key.error().reason)) + ")");
  if (key->type->family == KeyType::Family::kEcdsa || !HasAcceptedSize(*key)) {
    return Refuse("this type or size of key is not accepted");
  }
  // A comment goes along as it came.
  const std::size_t base64_start = line.find_first_not_of(" \t", line.find_first_of(" \t"));
  const std::size_t base64_end = line.find_first_of(" \t", base64_start);
  std::string delivered = AuthorizedKeysLine(*key);
  if (base64_end != std::string::npos) {
    delivered.append(" ").append(Trim(std::string_view(line).substr(base64_end)));
  }
  return AcceptedKey{delivered};
}

}  // namespace eic::emulator
