#include "client/signing/known_hosts.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

#include "aws/system/files.h"
#include "core/base64.h"
#include "core/bytes.h"

namespace eic::client {
namespace {

constexpr std::size_t kKnownHostsBytesMax = std::size_t{4} * 1024 * 1024;
constexpr std::size_t kLineBytesMax = std::size_t{16} * 1024;
constexpr std::size_t kHashBytes = 20;  // HMAC-SHA1
constexpr std::string_view kBlanks = " \t\r";

// ASCII only: the locale has no say.
char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string Lowered(std::string_view name) {
  std::string lowered(name);
  for (char& c : lowered) c = Lower(c);
  return lowered;
}

std::string_view NextWord(std::string_view& line) {
  const std::size_t begin = line.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) {
    line = {};
    return {};
  }
  line.remove_prefix(begin);
  const std::string_view word = line.substr(0, line.find_first_of(kBlanks));
  line.remove_prefix(word.size());
  return word;
}

// `*` any bytes, `?` one. One star is gone back to at most, so the time is a product of two
// lengths.
bool IsGlobMatch(std::string_view pattern, std::string_view name) {
  std::size_t p = 0;
  std::size_t n = 0;
  std::optional<std::size_t> star;
  std::size_t star_n = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_n = n;
    } else if (p < pattern.size() && (pattern[p] == '?' || Lower(pattern[p]) == name[n])) {
      ++p;
      ++n;
    } else if (star) {
      p = *star + 1;
      n = ++star_n;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::optional<std::string> HashOf(std::string_view salt, std::string_view name) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned int length = 0;
  const unsigned char* made =
      HMAC(EVP_sha1(), salt.data(), static_cast<int>(salt.size()),
           reinterpret_cast<const unsigned char*>(name.data()), name.size(), hash.data(), &length);
  if (made == nullptr) return std::nullopt;
  return std::string(reinterpret_cast<const char*>(hash.data()), length);
}

bool IsHashMatch(std::string_view hosts, const std::vector<std::string>& names) {
  hosts.remove_prefix(3);  // `|1|`
  const std::size_t bar = hosts.find('|');
  if (bar == std::string_view::npos) return false;
  const std::optional<std::string> salt = DecodeBase64(hosts.substr(0, bar));
  const std::optional<std::string> hash = DecodeBase64(hosts.substr(bar + 1));
  if (!salt || !hash || salt->size() != kHashBytes || hash->size() != kHashBytes) return false;
  for (const std::string& name : names) {
    if (HashOf(*salt, name) == *hash) return true;
  }
  return false;
}

// A pattern with `!` that matches takes the name out of the whole line.
bool IsPatternMatch(std::string_view hosts, std::string_view name) {
  bool is_match = false;
  while (!hosts.empty()) {
    std::string_view pattern = hosts.substr(0, hosts.find(','));
    hosts.remove_prefix(pattern.size() < hosts.size() ? pattern.size() + 1 : pattern.size());
    const bool is_negated = !pattern.empty() && pattern[0] == '!';
    if (is_negated) pattern.remove_prefix(1);
    if (!IsGlobMatch(pattern, name)) continue;
    if (is_negated) return false;
    is_match = true;
  }
  return is_match;
}

bool IsOfHost(std::string_view hosts, const std::vector<std::string>& names) {
  if (hosts.substr(0, 3) == "|1|") return IsHashMatch(hosts, names);
  for (const std::string& name : names) {
    if (IsPatternMatch(hosts, name)) return true;
  }
  return false;
}

void TakeLine(std::string_view line, const std::vector<std::string>& names, KnownKeys& keys) {
  std::string_view word = NextWord(line);
  if (word.empty() || word[0] == '#') return;
  std::string_view marker;
  if (word[0] == '@') {
    marker = word;
    word = NextWord(line);
  }
  const std::string_view type = NextWord(line);
  const std::optional<std::string> blob = DecodeBase64(NextWord(line));
  if (word.empty() || !blob || blob->empty()) return;
  if (SshWireCursor(*blob).NextString() != type || !IsOfHost(word, names)) return;
  if (marker.empty()) keys.blobs.push_back(*blob);
  if (marker == "@revoked") keys.revoked.push_back(*blob);
  if (marker == "@cert-authority") keys.has_authority = true;
}

}  // namespace

KnownKeys KnownKeysOf(std::string_view text, const std::vector<std::string>& names) {
  std::vector<std::string> lowered;
  lowered.reserve(names.size());
  for (const std::string& name : names) lowered.push_back(Lowered(name));
  KnownKeys keys;
  LineCursor lines(text);
  while (!lines.AtEnd()) {
    const std::string_view line = lines.Next();
    if (line.size() <= kLineBytesMax) TakeLine(line, lowered, keys);
  }
  return keys;
}

aws::Outcome<KnownKeys> ReadKnownKeys(const std::string& path,
                                      const std::vector<std::string>& names) {
  const FileText file = ReadFile(path, kKnownHostsBytesMax, FileKind::kAny);
  if (file) return KnownKeysOf(file.text, names);
  if (file.error_number == ENOENT) return KnownKeys{};
  if (file.fault == FileText::Fault::kTooLarge) {
    return aws::Failure{"KnownHosts", path + " is larger than 4 MiB",
                        "Remove host keys that are no longer needed from it."};
  }
  return aws::Failure{"KnownHosts", "cannot read " + path + ": " + std::strerror(file.error_number),
                      ""};
}

}  // namespace eic::client
