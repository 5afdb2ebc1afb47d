#include "admin/sshd/sshd_words.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstddef>
#include <optional>

#include "chain/words.h"

namespace eic::admin {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::string_view kBlanksAtEnd = " \t\r\n\f";
constexpr std::string_view kVersionPrefix = "OpenSSH_";

void SkipBlanks(std::string_view* text) {
  text->remove_prefix(std::min(text->size(), text->find_first_not_of(kBlanks)));
}

std::string_view WithoutBlanksAtEnd(std::string_view text) {
  return text.substr(0, text.find_last_not_of(kBlanksAtEnd) + 1);
}

// One word as all releases read a keyword; consumes the blanks after it. Quotes may be within the
// word, and their closing quote ends it. Nothing if a quote is not closed.
std::optional<std::string> TakeDelimited(std::string_view* text) {
  const std::size_t end = std::min(text->size(), text->find_first_of(" \t\r\n\"="));
  std::string word(text->substr(0, end));
  if (end == text->size()) {
    *text = {};
    return word;
  }
  const char delimiter = (*text)[end];
  text->remove_prefix(end + 1);
  if (delimiter == '"') {
    const std::size_t close = text->find('"');
    if (close == std::string_view::npos) return std::nullopt;
    word += text->substr(0, close);
    text->remove_prefix(close + 1);
    SkipBlanks(text);
    return word;
  }
  SkipBlanks(text);
  const bool has_equals = delimiter != '=' && !text->empty() && text->front() == '=';
  if (has_equals) {
    text->remove_prefix(1);
    SkipBlanks(text);
  }
  return word;
}

std::vector<std::string> DelimitedWords(std::string_view rest) {
  std::vector<std::string> words;
  while (!rest.empty()) {
    std::optional<std::string> word = TakeDelimited(&rest);
    // A quote that is not closed ends the words, and is no error there.
    if (!word || word->empty() || word->front() == '#') break;
    words.push_back(*std::move(word));
  }
  return words;
}

// Whether the backslash before `next` takes its meaning.
bool Escapes(char next, bool is_quoted) {
  return next == '\'' || next == '"' || next == '\\' || (next == ' ' && !is_quoted);
}

std::string_view WithoutComment(std::string_view rest) {
  char quote = 0;
  bool begins_word = true;
  for (std::size_t at = 0; at < rest.size(); ++at) {
    const char c = rest[at];
    if (begins_word && c == '#') return rest.substr(0, at);
    begins_word = quote == 0 && (c == ' ' || c == '\t');
    if (c == '\\' && at + 1 < rest.size() && Escapes(rest[at + 1], quote != 0)) {
      ++at;
    } else if (quote == 0 && (c == '"' || c == '\'')) {
      quote = c;
    } else if (quote != 0 && c == quote) {
      quote = 0;
    }
  }
  return rest;
}

}  // namespace

SshdRelease ParseSshdRelease(std::string_view said) {
  SshdRelease release;
  const std::size_t at = said.find(kVersionPrefix);
  if (at == std::string_view::npos) return release;
  said.remove_prefix(at + kVersionPrefix.size());
  const char* const end = said.data() + said.size();
  SshdRelease found;
  const auto major = std::from_chars(said.data(), end, found.major);
  if (major.ec != std::errc() || major.ptr == end || *major.ptr != '.') return release;
  const auto minor = std::from_chars(major.ptr + 1, end, found.minor);
  return minor.ec == std::errc() ? found : release;
}

ConfigLine SplitConfigLine(std::string_view line, const SshdRelease& release) {
  if (!release.IsAtLeast(8, 7)) line = line.substr(0, line.find('#'));
  SkipBlanks(&line);
  line = WithoutBlanksAtEnd(line);
  std::optional<std::string> keyword = TakeDelimited(&line);
  // `= Keyword` is a keyword, too.
  if (keyword && keyword->empty()) keyword = TakeDelimited(&line);
  if (!keyword || keyword->empty() || keyword->front() == '#') return {};
  for (char& c : *keyword) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return {*std::move(keyword), line};
}

std::vector<std::string> SplitConfigWords(std::string_view rest, const SshdRelease& release) {
  if (!release.IsAtLeast(8, 7)) return DelimitedWords(rest);
  return chain::SplitCommand(WithoutComment(rest)).value_or(std::vector<std::string>());
}

std::vector<std::string> SplitMatchWords(std::string_view rest, const SshdRelease& release) {
  return release.IsAtLeast(9, 9) ? SplitConfigWords(rest, release) : DelimitedWords(rest);
}

}  // namespace eic::admin
