#include "client/ssh/config_text.h"

#include <algorithm>
#include <cctype>
#include <sstream>
#include <vector>

namespace eic::client {
namespace {

constexpr const char* kBegin = "# >>> eic config --install";
constexpr const char* kEnd = "# <<< eic config --install";
// The first line holds what removal has to know.
constexpr const char* kNewFile = " (it made this file)";
constexpr const char* kEndedLine = " (it ended the line above)";

constexpr const char* kBlanks = " \t\r\n\f";

// The lines of `text`, each with its end.
std::vector<std::string> LinesOf(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t feed = text.find('\n', begin);
    const std::size_t end = feed == std::string::npos ? text.size() : feed + 1;
    lines.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  return lines;
}

std::string Trim(const std::string& line) {
  const std::size_t begin = line.find_first_not_of(kBlanks);
  if (begin == std::string::npos) return "";
  return line.substr(begin, line.find_last_not_of(kBlanks) - begin + 1);
}

// The words of a line, the first in lower case; quotes and `=` do not matter for what is asked
// here.
std::vector<std::string> WordsOf(const std::string& line) {
  std::string plain = line.substr(0, line.find('#'));
  std::replace_if(
      plain.begin(), plain.end(), [](char c) { return c == '=' || c == '"'; }, ' ');
  std::istringstream stream(plain);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  const auto lower = [](unsigned char c) { return static_cast<char>(std::tolower(c)); };
  if (!words.empty()) {
    std::transform(words[0].begin(), words[0].end(), words[0].begin(), lower);
  }
  return words;
}

bool IsHeading(const std::vector<std::string>& words) {
  return !words.empty() && (words[0] == "host" || words[0] == "match");
}

// `Host *`, `Match all`, `Match host *`, `Match originalhost *`.
bool MatchesEveryHost(const std::vector<std::string>& words) {
  if (words.size() < 2) return false;
  if (words[0] == "host") {
    return std::find(words.begin() + 1, words.end(), "*") != words.end() &&
           std::none_of(words.begin() + 1, words.end(),
                        [](const std::string& word) { return word[0] == '!'; });
  }
  if (words[0] != "match") return false;
  if (words.size() == 2) return words[1] == "all";
  return words.size() == 3 && (words[1] == "host" || words[1] == "originalhost") && words[2] == "*";
}

bool Begins(const std::string& line, const char* begin) {
  const std::string start = begin;
  return line.compare(0, start.size(), start) == 0;
}

bool EndsInCrLf(const std::string& line) {
  return line.size() >= 2 && line.compare(line.size() - 2, 2, "\r\n") == 0;
}

bool IsComment(const std::string& line) { return Begins(Trim(line), "#"); }

// The line before which the block goes.
std::size_t DefaultsAt(const std::vector<std::string>& lines) {
  for (std::size_t at = 0; at < lines.size(); ++at) {
    if (!MatchesEveryHost(WordsOf(lines[at]))) continue;
    while (at > 0 && IsComment(lines[at - 1])) --at;
    return at;
  }
  return lines.size();
}

std::string Joined(const std::vector<std::string>& lines, std::size_t begin, std::size_t end) {
  std::string text;
  for (std::size_t at = begin; at < end; ++at) text += lines[at];
  return text;
}

}  // namespace

std::string WithBlock(const std::string& text, const std::string& include_word, Where where,
                      bool is_new_file) {
  const std::vector<std::string> lines = LinesOf(text);
  const std::size_t at = where == Where::kTop ? 0 : DefaultsAt(lines);
  const std::string end = text.find("\r\n") == std::string::npos ? "\n" : "\r\n";
  const bool ends_line = at > 0 && lines[at - 1].back() != '\n';
  std::string block = ends_line ? end : "";
  block += kBegin;
  if (is_new_file) block += kNewFile;
  if (ends_line) block += kEndedLine;
  block +=
      end + "# EC2 instance ids are hosts for ssh. `eic config --remove` takes this back." + end;
  block += "Match all" + end + "  Include " + include_word + end + kEnd + end;
  return Joined(lines, 0, at) + block + Joined(lines, at, lines.size());
}

aws::Outcome<WithoutBlockResult> WithoutBlock(const std::string& text) {
  WithoutBlockResult result;
  const std::vector<std::string> lines = LinesOf(text);
  for (std::size_t at = 0; at < lines.size(); ++at) {
    if (!Begins(lines[at], kBegin)) {
      result.text += lines[at];
      continue;
    }
    const std::size_t begin = at;
    while (at < lines.size() && !Begins(lines[at], kEnd)) ++at;
    if (at == lines.size()) {
      return aws::Failure{
          "BadConfiguration",
          "line " + std::to_string(begin + 1) + " begins eic's block, and no line ends it",
          "remove the block by hand, then try again"};
    }
    result.had_block = true;
    result.was_new_file = lines[begin].find(kNewFile) != std::string::npos;
    const bool ended_line = lines[begin].find(kEndedLine) != std::string::npos;
    if (ended_line && at + 1 == lines.size()) {
      const std::size_t end_bytes = EndsInCrLf(lines[begin]) ? 2 : 1;
      result.text.resize(result.text.size() - std::min(end_bytes, result.text.size()));
    }
  }
  result.was_new_file = result.was_new_file && result.text.empty();
  return result;
}

std::optional<EarlierSetting> FindAboveBlock(const std::string& text,
                                             const std::vector<std::string>& names) {
  bool is_for_every_host = true;
  std::size_t number = 0;
  for (const std::string& line : LinesOf(text)) {
    ++number;
    if (Begins(line, kBegin)) return std::nullopt;
    const std::vector<std::string> words = WordsOf(line);
    if (words.empty()) continue;
    if (IsHeading(words)) is_for_every_host = MatchesEveryHost(words);
    if (std::find(names.begin(), names.end(), words[0]) != names.end()) {
      return EarlierSetting{number, Trim(line), is_for_every_host};
    }
  }
  return std::nullopt;
}

}  // namespace eic::client
