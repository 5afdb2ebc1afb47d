#include "admin/daemon/unit_words.h"

#include <algorithm>
#include <cstddef>

namespace eic::admin {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::string_view kExecPrefixes = "@-:+!|";
constexpr std::string_view kNameBytes =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";

// The characters that a backslash escapes between double quotes.
constexpr std::string_view kEscapable = "\"\\`$";

bool IsBlank(char c) { return kBlanks.find(c) != std::string_view::npos; }

// One quoted or bare word at `*at`, which moves behind it.
std::string TakeWord(std::string_view text, std::size_t* at) {
  std::string word;
  char quote = 0;
  for (; *at < text.size(); ++*at) {
    const char c = text[*at];
    if (quote == 0 && IsBlank(c)) break;
    if (c == '\\' && quote != '\'' && *at + 1 < text.size()) {
      word += text[++*at];
    } else if (quote == 0 && (c == '"' || c == '\'')) {
      quote = c;
    } else if (quote != 0 && c == quote) {
      quote = 0;
    } else {
      word += c;
    }
  }
  return word;
}

std::vector<std::string> SplitWords(std::string_view text) {
  std::vector<std::string> words;
  std::size_t at = 0;
  for (;;) {
    while (at < text.size() && IsBlank(text[at])) ++at;
    if (at >= text.size()) return words;
    words.push_back(TakeWord(text, &at));
  }
}

std::string WithoutDoubledPercents(const std::string& word) {
  std::string single;
  for (std::size_t i = 0; i < word.size(); ++i) {
    single += word[i];
    if (word[i] == '%' && i + 1 < word.size() && word[i + 1] == '%') ++i;
  }
  return single;
}

std::string ValueOf(const Variables& variables, const std::string& name) {
  const auto found = variables.find(name);
  return found == variables.end() ? "" : found->second;
}

std::string ReplaceBraced(const std::string& word, const Variables& variables) {
  std::string replaced;
  std::size_t at = 0;
  for (;;) {
    const std::size_t begin = word.find("${", at);
    const std::size_t end = begin == std::string::npos ? begin : word.find('}', begin);
    if (end == std::string::npos) return replaced + word.substr(at);
    replaced += word.substr(at, begin - at);
    replaced += ValueOf(variables, word.substr(begin + 2, end - begin - 2));
    at = end + 1;
  }
}

bool IsVariableWord(const std::string& word) {
  return word.size() > 1 && word[0] == '$' &&
         word.find_first_not_of(kNameBytes, 1) == std::string::npos;
}

class EnvironmentReader {
 public:
  explicit EnvironmentReader(std::string_view text) : text_(text) {}

  Variables Read() {
    Variables variables;
    for (;;) {
      while (at_ < text_.size() && IsBlank(text_[at_])) ++at_;
      if (at_ >= text_.size()) return variables;
      const std::size_t line_end = std::min(text_.size(), text_.find('\n', at_));
      const std::string_view line = text_.substr(at_, line_end - at_);
      const std::size_t equals = line.find('=');
      if (line[0] == '#' || line[0] == ';' || equals == std::string_view::npos) {
        at_ = line_end;
        continue;
      }
      at_ += equals + 1;
      variables[std::string(line.substr(0, equals))] = TakeValue();
    }
  }

 private:
  bool EndsLine() const { return at_ >= text_.size() || text_[at_] == '\n' || text_[at_] == '\r'; }

  // Behind `=`, up to the end of the line that is its last.
  std::string TakeValue() {
    std::string value;
    std::size_t kept = 0;  // blanks at the end of a bare piece are not
    bool is_bare = false;
    while (!EndsLine()) {
      const char c = text_[at_++];
      if (!is_bare && (c == '"' || c == '\'')) {
        TakeQuoted(c, &value);
        kept = value.size();
      } else if (c == '\\') {
        is_bare = true;
        if (!EndsLine()) value += text_[at_];
        if (!EndsLine()) kept = value.size();
        ++at_;
      } else if (is_bare || !IsBlank(c)) {
        is_bare = true;
        value += c;
        if (!IsBlank(c)) kept = value.size();
      }
    }
    return value.substr(0, kept);
  }

  // Up to its closing quote, which may be on a later line.
  void TakeQuoted(char quote, std::string* value) {
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c == quote) return;
      if (quote == '\'' || c != '\\' || at_ >= text_.size()) {
        *value += c;
        continue;
      }
      const char escaped = text_[at_++];
      if (escaped == '\n') continue;
      if (kEscapable.find(escaped) == std::string_view::npos) *value += c;
      *value += escaped;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<std::string> SplitUnitWords(std::string_view command) {
  std::vector<std::string> words;
  for (const std::string& word : SplitWords(command)) words.push_back(WithoutDoubledPercents(word));
  if (!words.empty()) {
    const std::size_t path = words[0].find_first_not_of(kExecPrefixes);
    words[0].erase(0, path == std::string::npos ? words[0].size() : path);
  }
  return words;
}

std::vector<std::string> ExpandVariables(const std::vector<std::string>& words,
                                         const Variables& variables) {
  std::vector<std::string> expanded;
  for (const std::string& word : words) {
    if (!IsVariableWord(word)) {
      expanded.push_back(ReplaceBraced(word, variables));
      continue;
    }
    for (std::string& part : SplitWords(ValueOf(variables, word.substr(1)))) {
      expanded.push_back(std::move(part));
    }
  }
  return expanded;
}

Variables ParseEnvironmentFile(std::string_view text) { return EnvironmentReader(text).Read(); }

}  // namespace eic::admin
