#include "core/request.h"

#include "core/limits.h"

namespace eic {
namespace {

constexpr std::string_view kSha256Prefix = "SHA256:";
constexpr std::string_view kMd5Prefix = "MD5:";

bool IsControl(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

// 32 bytes in base64, without the one `=` that sshd leaves out.
bool IsSha256Text(std::string_view text) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  return text.size() == 43 && text.find_first_not_of(kAlphabet) == std::string_view::npos;
}

// 16 pairs of hexadecimal digits, joined by colons.
bool IsMd5Text(std::string_view text) {
  if (text.size() != 16 * 3 - 1) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_colon = i % 3 == 2;
    const std::string_view allowed = is_colon ? ":" : "0123456789abcdef";
    if (allowed.find(text[i]) == std::string_view::npos) return false;
  }
  return true;
}

}  // namespace

Result<UserName> ParseUserName(std::string_view text) {
  const auto invalid = [&](std::string_view why) {
    return Error{Reason::kUserNameInvalid, std::string(why)};
  };
  if (text.empty()) return invalid("empty");
  if (text.size() > kUserNameBytesMax) return invalid("too long");
  if (text == "." || text == "..") return invalid("a dot segment");
  for (const char c : text) {
    if (c == '/') return invalid("contains a slash");
    if (IsControl(c)) return invalid("contains a control character");
  }
  if (text.find('\\') != std::string_view::npos) {
    return Error{Reason::kUserNameNeverPushed, "contains a backslash"};
  }
  return UserName(text);
}

Result<Fingerprint> ParseFingerprint(std::string_view text) {
  if (text.substr(0, kSha256Prefix.size()) == kSha256Prefix &&
      IsSha256Text(text.substr(kSha256Prefix.size()))) {
    return Fingerprint{FingerprintHash::kSha256, std::string(text)};
  }
  if (text.substr(0, kMd5Prefix.size()) == kMd5Prefix &&
      IsMd5Text(text.substr(kMd5Prefix.size()))) {
    return Fingerprint{FingerprintHash::kMd5, std::string(text)};
  }
  return Error{Reason::kFingerprintInvalid, std::string(text)};
}

bool IsDeliverableKeyType(std::string_view key_type) { return FindKeyType(key_type) != nullptr; }

Result<bool> IsRequested(const Request& request, const SshPublicKey& key) {
  if (!request.fingerprint) return true;
  const Result<std::string> fingerprint = FingerprintOf(key, request.fingerprint->hash);
  if (!fingerprint) return fingerprint.error();
  return *fingerprint == request.fingerprint->text;
}

}  // namespace eic
