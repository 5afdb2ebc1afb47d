#include "chain/member_file.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <map>
#include <optional>
#include <utility>

#include "chain/tokens.h"
#include "chain/words.h"

namespace eic::chain {
namespace {

constexpr std::string_view kSuffix = ".conf";
constexpr std::string_view kKeys[] = {"command", "user", "timeout", "confine"};

using Values = std::map<std::string, std::string, std::less<>>;

bool IsNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-';
}

std::string_view WithoutBlanks(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool IsKey(std::string_view word) {
  return std::find(std::begin(kKeys), std::end(kKeys), word) != std::end(kKeys);
}

// A byte that no line of such a file has.
bool HasControl(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
  });
}

std::string Line(std::size_t number) { return "line " + std::to_string(number); }

// line
Outcome<Nothing> TakeLine(std::string_view line, std::size_t number, Values* values) {
  const std::string_view text = WithoutBlanks(line);
  if (HasControl(text)) return Wrong{Line(number) + " has a control character"};
  if (text.empty() || text.front() == '#') return Nothing{};
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) return Wrong{Line(number) + " is not `KEY = VALUE`"};
  const std::string key(WithoutBlanks(text.substr(0, equals)));
  if (!IsKey(key)) return Wrong{Line(number) + ": unknown key `" + key + "`"};
  const std::string value(WithoutBlanks(text.substr(equals + 1)));
  if (value.empty()) return Wrong{Line(number) + ": `" + key + "` has no value"};
  if (!values->emplace(key, value).second)
    return Wrong{Line(number) + ": `" + key + "` is set twice"};
  return Nothing{};
}

Outcome<Values> TakeLines(std::string_view text) {
  Values values;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    const Outcome<Nothing> taken = TakeLine(text.substr(0, end), number, &values);
    if (!taken) return taken.error();
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return values;
}

// command
Outcome<std::vector<std::string>> ParseCommand(const std::string& command) {
  std::optional<std::vector<std::string>> words = SplitCommand(command);
  if (!words) return Wrong{"`command` has a quote that is not closed"};
  if (words->front().empty() || words->front().front() != '/') {
    return Wrong{"`command` does not start with an absolute path"};
  }
  if (words->size() > kWordsMax) {
    return Wrong{"`command` has more than " + std::to_string(kWordsMax) + " words"};
  }
  if (words->size() == 1) words->emplace_back("%u");
  const Outcome<std::string> tokens = TokensOf(*words);
  if (!tokens) return Wrong{"`command`: " + tokens.error().text};
  return *std::move(words);
}

// timeout
Outcome<std::chrono::seconds> ParseSeconds(const std::string& text) {
  int seconds = 0;
  const char* end = text.data() + text.size();
  const auto [used_up_to, error] = std::from_chars(text.data(), end, seconds);
  if (error != std::errc() || used_up_to != end || seconds < 1 ||
      seconds > kMemberTimeMax.count()) {
    return Wrong{"`timeout` must be a whole number of seconds from 1 to " +
                 std::to_string(kMemberTimeMax.count())};
  }
  return std::chrono::seconds(seconds);
}

Outcome<Member> MakeMember(std::string_view name, const Values& values) {
  for (const char* key : {"command", "user"}) {
    if (values.count(key) == 0) return Wrong{std::string("`") + key + "` is missing"};
  }
  Member member;
  member.name = name;
  member.user = values.at("user");
  Outcome<std::vector<std::string>> words = ParseCommand(values.at("command"));
  if (!words) return words.error();
  member.words = *std::move(words);
  member.command = values.at("command");
  if (const auto timeout = values.find("timeout"); timeout != values.end()) {
    const Outcome<std::chrono::seconds> seconds = ParseSeconds(timeout->second);
    if (!seconds) return seconds.error();
    member.time_limit = *seconds;
  }
  if (const auto confine = values.find("confine"); confine != values.end()) {
    if (confine->second != "yes" && confine->second != "no") {
      return Wrong{"`confine` must be yes or no"};
    }
    member.is_confined = confine->second == "yes";
  }
  return member;
}

}  // namespace

Wrong TooLarge() {
  return Wrong{"the file is larger than " + std::to_string(kMemberFileBytesMax / 1024) + " KiB"};
}

bool IsMemberFileName(std::string_view file_name) {
  if (file_name.size() <= kSuffix.size() || file_name.size() > kMemberNameBytesMax) return false;
  if (file_name.substr(file_name.size() - kSuffix.size()) != kSuffix) return false;
  if (file_name.front() == '.' || file_name.front() == '-') return false;
  return std::all_of(file_name.begin(), file_name.end(), &IsNameCharacter);
}

Outcome<Member> ParseMemberFile(std::string_view file_name, std::string_view text) {
  if (!IsMemberFileName(file_name)) {
    return Wrong{"the name is not valid: use letters, digits, `.`, `_` and `-`, at most " +
                 std::to_string(kMemberNameBytesMax) + " bytes, and end it with .conf"};
  }
  if (text.size() > kMemberFileBytesMax) return TooLarge();
  const Outcome<Values> values = TakeLines(text);
  if (!values) return values.error();
  return MakeMember(file_name.substr(0, file_name.size() - kSuffix.size()), *values);
}

std::string FormatMemberFile(std::string_view comment, std::string_view command,
                             std::string_view user, bool is_confined) {
  std::string text(comment);
  text += "command = " + std::string(command) + "\n";
  text += "user = " + std::string(user) + "\n";
  if (is_confined) text += "confine = yes\n";
  return text;
}

}  // namespace eic::chain
