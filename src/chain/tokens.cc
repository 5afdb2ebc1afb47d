#include "chain/tokens.h"

#include <algorithm>
#include <cstddef>

namespace eic::chain {
namespace {

// The letter after a `%`; NUL at the word's end.
char LetterAt(const std::string& word, std::size_t percent) {
  return percent + 1 < word.size() ? word[percent + 1] : '\0';
}

Wrong Unknown(char letter) {
  if (letter == '\0') return Wrong{"a word ends with `%`; write `%%` for a percent sign"};
  return Wrong{std::string("sshd has no token %") + letter + " for AuthorizedKeysCommand"};
}

}  // namespace

const std::vector<Token>& KnownTokens() {
  static const std::vector<Token> kTokens = {
      {'u', 609, "name of the user"},
      {'f', 609, "fingerprint of the key"},
      {'t', 609, "type of the key"},
      {'k', 609, "the key in base64"},
      {'h', 609, "home directory of the user"},
      {'U', 708, "id of the user"},
      {'C', 904, "addresses and ports of the connection"},
      {'D', 904, "routing domain of the connection"},
  };
  return kTokens;
}

bool IsKnownToken(char letter) {
  const auto& tokens = KnownTokens();
  return std::any_of(tokens.begin(), tokens.end(),
                     [letter](const Token& token) { return token.letter == letter; });
}

Outcome<std::string> TokensOf(const std::vector<std::string>& words) {
  std::string letters;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string& word = words[i];
    for (std::size_t at = word.find('%'); at != std::string::npos; at = word.find('%', at + 2)) {
      const char letter = LetterAt(word, at);
      if (letter == '%') continue;
      if (!IsKnownToken(letter)) return Unknown(letter);
      if (letters.find(letter) == std::string::npos) letters += letter;
    }
  }
  return letters;
}

Outcome<std::string> Expand(const std::string& word, const TokenValues& values) {
  std::string text;
  for (std::size_t at = 0; at < word.size(); ++at) {
    if (word[at] != '%') {
      text += word[at];
      continue;
    }
    const char letter = LetterAt(word, at++);
    const auto value = values.find(letter);
    if (letter == '%') {
      text += '%';
    } else if (value != values.end()) {
      text += value->second;
    } else if (IsKnownToken(letter)) {
      return Wrong{std::string("uses %") + letter +
                   ", which sshd's command line does not pass: add it to --tokens and pass its "
                   "value after `--`"};
    } else {
      return Unknown(letter);
    }
  }
  return text;
}

}  // namespace eic::chain
