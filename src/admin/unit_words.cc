#include "admin/unit_words.h"

#include <cstddef>

#include "admin/sshd_config.h"

namespace eic::admin {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::string_view kExecPrefixes = "@-:+!|";
constexpr std::string_view kNameBytes =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";

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

Variables ParseEnvironmentFile(std::string_view text) {
  Variables variables;
  for (std::string_view line : SplitLines(text)) {
    const std::size_t begin = line.find_first_not_of(kBlanks);
    if (begin == std::string_view::npos || line[begin] == '#' || line[begin] == ';') continue;
    line.remove_prefix(begin);
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    std::string_view value = line.substr(equals + 1);
    const std::size_t end = value.find_last_not_of(kBlanks);
    value = value.substr(0, end == std::string_view::npos ? 0 : end + 1);
    // Quotes around the whole are the file's own; those inside are for whoever splits the value.
    if (value.size() >= 2 && (value[0] == '"' || value[0] == '\'') && value.back() == value[0]) {
      value = value.substr(1, value.size() - 2);
    }
    variables[std::string(line.substr(0, equals))] = std::string(value);
  }
  return variables;
}

}  // namespace eic::admin
