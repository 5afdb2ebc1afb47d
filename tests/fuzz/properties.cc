#include "tests/fuzz/properties.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "core/base64.h"

namespace eic::fuzz {

void Hold(bool kept, const char* property) {
  if (kept) return;
  std::fprintf(stderr, "broken property: %s\n", property);
  std::abort();
}

bool IsPrintable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c <= 0x7e; });
}

void HoldCanonicalLine(const SshPublicKey& key) {
  const std::string line = AuthorizedKeysLine(key);
  Hold(IsPrintable(line), "a printed line is printable ASCII without a line end");
  const std::size_t blank = line.find(' ');
  Hold(blank != std::string::npos && line.find(' ', blank + 1) == std::string::npos,
       "a printed line is two words");
  Hold(FindKeyType(line.substr(0, blank)) == key.type, "its first word is a type of the table");
  Hold(DecodeBase64(line.substr(blank + 1)) == key.wire, "its second word is the key");
  const Result<SshPublicKey> again = ParseSshPublicKey(line);
  Hold(again && again->type == key.type && again->wire == key.wire,
       "a printed line parses again to the same key");
}

std::vector<std::string_view> Sections(std::string_view input) {
  std::vector<std::string_view> sections;
  while (true) {
    const std::size_t end = input.find(kSectionEnd);
    sections.push_back(input.substr(0, end));
    if (end == std::string_view::npos) return sections;
    input.remove_prefix(end + 1);
  }
}

}  // namespace eic::fuzz
