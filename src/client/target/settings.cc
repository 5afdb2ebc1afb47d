#include "client/target/settings.h"

#include <algorithm>
#include <sstream>

#include "aws/system/files.h"
#include "client/limits.h"
#include "client/target/wildcard.h"
#include "client/terminal_text.h"

namespace eic::client {
namespace {

constexpr const char* kBlanks = " \t\r";

template <typename T>
struct Word {
  const char* text;
  T value;
};

constexpr Word<AddressKind> kAddressKinds[] = {{"auto", AddressKind::kAuto},
                                               {"public", AddressKind::kPublic},
                                               {"private", AddressKind::kPrivate},
                                               {"ipv6", AddressKind::kIpv6}};
constexpr Word<KeyType> kKeyTypes[] = {{"ed25519", KeyType::kEd25519}, {"rsa", KeyType::kRsa}};
constexpr Word<HostKeys> kHostKeys[] = {
    {"accept-new", HostKeys::kAcceptNew}, {"ask", HostKeys::kAsk}, {"yes", HostKeys::kYes}};

template <typename T, std::size_t size>
std::optional<T> Find(const Word<T> (&words)[size], const std::string& text) {
  for (const Word<T>& word : words) {
    if (text == word.text) return word.value;
  }
  return std::nullopt;
}

std::string Trim(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

std::string Shown(const std::string& text) { return TerminalLine(text, kShownValueBytesMax); }

// What is wrong with a setting; empty: nothing, and it is taken unless there was one before.
using Problem = std::string;

Problem TakeText(const std::string& value, std::string* kept) {
  if (value.empty()) return "has no value";
  if (kept->empty()) *kept = value;
  return "";
}

template <typename T>
Problem TakeWord(const std::optional<T>& value, const char* words, std::optional<T>* kept) {
  if (!value) return std::string("is one of ") + words;
  if (!*kept) *kept = value;
  return "";
}

Problem Take(const std::string& name, const std::string& value, Settings* settings) {
  if (name == "user") {
    if (!IsPlainUser(value)) return "is a user name of letters, digits and _-. (32 at most)";
    return TakeText(value, &settings->user);
  }
  if (name == "region") return TakeText(value, &settings->region);
  if (name == "profile") return TakeText(value, &settings->profile);
  if (name == "address") {
    return TakeWord(ParseAddressKind(value), "auto, public, private, ipv6", &settings->address);
  }
  if (name == "key_type") {
    return TakeWord(ParseKeyType(value), "ed25519, rsa", &settings->key_type);
  }
  if (name == "host_keys") {
    return TakeWord(ParseHostKeys(value), "accept-new, ask, yes", &settings->host_keys);
  }
  return "is unknown: user, region, profile, address, key_type and host_keys are known";
}

std::vector<std::string> Words(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

void TakeFirst(const std::string& value, std::string* kept) {
  if (kept->empty()) *kept = value;
}

template <typename T>
void TakeFirst(const std::optional<T>& value, std::optional<T>* kept) {
  if (!*kept) *kept = value;
}

void AddTo(Settings* all, const Settings& more) {
  TakeFirst(more.user, &all->user);
  TakeFirst(more.region, &all->region);
  TakeFirst(more.profile, &all->profile);
  TakeFirst(more.address, &all->address);
  TakeFirst(more.key_type, &all->key_type);
  TakeFirst(more.host_keys, &all->host_keys);
}

bool Describes(const std::vector<std::string>& patterns, const std::vector<std::string>& names) {
  return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
      return !name.empty() && MatchesWildcard(pattern, name);
    });
  });
}

}  // namespace

std::optional<AddressKind> ParseAddressKind(const std::string& word) {
  return Find(kAddressKinds, word);
}
std::optional<KeyType> ParseKeyType(const std::string& word) { return Find(kKeyTypes, word); }
std::optional<HostKeys> ParseHostKeys(const std::string& word) { return Find(kHostKeys, word); }

aws::Outcome<SettingsFile> SettingsFile::Parse(const std::string& text, const std::string& path) {
  SettingsFile file;
  std::istringstream lines(text);
  std::size_t number = 0;
  for (std::string raw; std::getline(lines, raw);) {
    ++number;
    const auto bad = [&](const std::string& what) {
      std::string where = path;
      where.append(":").append(std::to_string(number)).append(": ");
      return aws::Failure{"BadConfiguration", where.append(what),
                          "correct that line, or remove it"};
    };
    const std::string line = Trim(raw);
    if (line.empty() || line[0] == '#' || line[0] == ';') continue;
    if (line[0] == '[') {
      if (line.back() != ']') return bad("a section is [PATTERN], on a line of its own");
      const std::vector<std::string> patterns = Words(line.substr(1, line.size() - 2));
      if (patterns.empty()) return bad("a section names a pattern: [web-*], [i-0123*], [*]");
      file.sections_.push_back({patterns, {}});
      continue;
    }
    const std::size_t equals = line.find('=');
    if (equals == std::string::npos) return bad("neither [PATTERN] nor NAME=VALUE");
    if (file.sections_.empty()) return bad("before the first section: put [*] above it");
    const std::string name = Trim(line.substr(0, equals));
    const Problem problem =
        Take(name, Trim(line.substr(equals + 1)), &file.sections_.back().settings);
    if (!problem.empty()) return bad("the setting " + Shown(name) + " " + problem);
  }
  return file;
}

aws::Outcome<SettingsFile> SettingsFile::Read(const std::string& path) {
  const aws::Outcome<std::string> text = LoadFile(path, kSettingsBytesMax);
  if (text) return Parse(*text, path);
  if (text.error().code == "NoFile") return SettingsFile();
  return aws::Failure{"BadConfiguration", text.error().message, "make it readable, or remove it"};
}

Settings SettingsFile::For(const std::vector<std::string>& names) const {
  Settings all;
  for (const Section& section : sections_) {
    if (Describes(section.patterns, names)) AddTo(&all, section.settings);
  }
  return all;
}

}  // namespace eic::client
