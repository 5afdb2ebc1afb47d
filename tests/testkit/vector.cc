#include "tests/testkit/vector.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "core/bytes.h"
#include "issuer/files.h"
#include "issuer/issuer_error.h"

namespace eic::testkit {
namespace {

constexpr std::string_view kExtension = ".vec";

using Header = std::multimap<std::string, std::string, std::less<>>;

constexpr std::string_view kOnceKeys[] = {"comment", "user",   "now",      "instance",
                                          "region",  "domain", "evidence", "anchors"};
constexpr std::string_view kAtMostOnceKeys[] = {"fingerprint", "key-type"};

template <std::size_t N>
bool IsOneOf(std::string_view word, const std::string_view (&words)[N]) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

void CheckHeader(const Header& header) {
  for (const auto& [key, value] : header) {
    if (key == "expect") continue;
    if (!IsOneOf(key, kOnceKeys) && !IsOneOf(key, kAtMostOnceKeys)) {
      issuer::Fail("unknown header key: " + key);
    }
    if (header.count(key) > 1) issuer::Fail("repeated header key: " + key);
  }
  for (const std::string_view key : kOnceKeys) {
    if (header.count(key) == 0) issuer::Fail("missing header key: " + std::string(key));
  }
  if (header.count("expect") == 0) issuer::Fail("missing header key: expect");
}

Header ParseHeader(LineCursor& lines) {
  Header header;
  while (true) {
    if (lines.AtEnd()) issuer::Fail("no empty line after the header");
    const std::string_view line = lines.Next();
    if (line.empty()) return header;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) issuer::Fail("not a header line: " + std::string(line));
    std::string_view value = line.substr(colon + 1);
    if (!value.empty() && value[0] == ' ') value.remove_prefix(1);
    header.emplace(line.substr(0, colon), value);
  }
}

Instant ParseNumber(const std::string& text) {
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [used_up_to, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || used_up_to != end) issuer::Fail("not a number: " + text);
  return Instant(value);
}

std::optional<std::string> Find(const Header& header, std::string_view key) {
  const auto found = header.find(key);
  if (found == header.end()) return std::nullopt;
  return found->second;
}

void Append(std::string& file, std::string_view key, std::string_view value) {
  if (value.find('\n') != std::string_view::npos) issuer::Fail("a value cannot hold a line end");
  file.append(key).append(value.empty() ? ":" : ": ").append(value).append("\n");
}

}  // namespace

Vector ParseVector(std::string_view file) {
  LineCursor lines(file);
  const Header header = ParseHeader(lines);
  CheckHeader(header);

  Vector vector;
  vector.comment = *Find(header, "comment");
  const auto [first, last] = header.equal_range("expect");
  for (auto at = first; at != last; ++at) vector.expect.push_back(at->second);
  vector.user = *Find(header, "user");
  vector.now = ParseNumber(*Find(header, "now"));
  vector.instance = *Find(header, "instance");
  vector.region = *Find(header, "region");
  vector.domain = *Find(header, "domain");
  vector.evidence = *Find(header, "evidence");
  vector.anchors = *Find(header, "anchors");
  vector.fingerprint = Find(header, "fingerprint");
  vector.key_type = Find(header, "key-type");
  vector.blob = file.substr(lines.position());
  return vector;
}

std::string FormatVector(const Vector& vector) {
  std::string file;
  Append(file, "comment", vector.comment);
  for (const std::string& line : vector.expect) Append(file, "expect", line);
  Append(file, "user", vector.user);
  if (vector.fingerprint) Append(file, "fingerprint", *vector.fingerprint);
  if (vector.key_type) Append(file, "key-type", *vector.key_type);
  Append(file, "now", std::to_string(vector.now.unix_seconds()));
  Append(file, "instance", vector.instance);
  Append(file, "region", vector.region);
  Append(file, "domain", vector.domain);
  Append(file, "evidence", vector.evidence);
  Append(file, "anchors", vector.anchors);
  return file.append("\n").append(vector.blob);
}

std::vector<std::string> VectorNames(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == kExtension) names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

Vector LoadVector(const std::filesystem::path& folder, std::string_view name) {
  return ParseVector(issuer::ReadFile(folder / std::string(name).append(kExtension)));
}

}  // namespace eic::testkit
