#include "chain/words.h"

#include <cstddef>

namespace eic::chain {
namespace {

bool IsBlank(char c) { return c == ' ' || c == '\t'; }

// Whether the backslash before `next` makes it literal.
bool Escapes(char next, bool is_quoted) {
  return next == '\'' || next == '"' || next == '\\' || (next == ' ' && !is_quoted);
}

// One word from `*at` on, which is moved past it. Nothing if its quote is not closed.
std::optional<std::string> TakeWord(std::string_view command, std::size_t* at) {
  std::string word;
  char quote = 0;
  for (; *at < command.size(); ++*at) {
    const char c = command[*at];
    const bool is_last = *at + 1 == command.size();
    if (c == '\\' && !is_last && Escapes(command[*at + 1], quote != 0)) {
      word += command[++*at];
    } else if (quote == 0 && IsBlank(c)) {
      break;
    } else if (quote == 0 && (c == '"' || c == '\'')) {
      quote = c;
    } else if (quote != 0 && c == quote) {
      quote = 0;
    } else {
      word += c;
    }
  }
  if (quote != 0) return std::nullopt;
  return word;
}

}  // namespace

std::optional<std::vector<std::string>> SplitCommand(std::string_view command) {
  std::vector<std::string> words;
  std::size_t at = 0;
  while (true) {
    while (at < command.size() && IsBlank(command[at])) ++at;
    if (at == command.size()) return words;
    std::optional<std::string> word = TakeWord(command, &at);
    if (!word) return std::nullopt;
    words.push_back(*std::move(word));
  }
}

}  // namespace eic::chain
