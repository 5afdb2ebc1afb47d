#include "aws/text.h"

#include <algorithm>
#include <cstdint>

namespace eic::aws {
namespace {

// What Python's str.strip() takes away, of ASCII.
constexpr std::string_view kWhiteSpace = " \t\n\r\f\v\x1c\x1d\x1e\x1f";

// How many bytes the UTF-8 sequence that begins with `first` has, and what is left of its value; 0:
// none begins so.
struct Lead {
  std::size_t length;
  std::uint32_t bits;
};
Lead LeadOf(unsigned char first) {
  if (first < 0x80) return {1, first};
  if (first >= 0xC2 && first < 0xE0) return {2, first & 0x1FU};
  if (first >= 0xE0 && first < 0xF0) return {3, first & 0x0FU};
  if (first >= 0xF0 && first < 0xF5) return {4, first & 0x07U};
  return {0, 0};
}

// One word, read character by character: POSIX mode of shlex.
class WordSplitter {
 public:
  std::optional<std::vector<std::string>> Split(std::string_view text) {
    for (const char c : text) Take(c);
    if (quote_ != '\0' || is_escaped_) return std::nullopt;
    EndWord();
    return std::move(words_);
  }

 private:
  void Take(char c) {
    if (is_escaped_) {
      // Within double quotes a backslash escapes the quote and itself alone.
      if (quote_ == '"' && c != '"' && c != '\\') word_.push_back('\\');
      word_.push_back(c);
      is_escaped_ = false;
    } else if (quote_ != '\0') {
      TakeQuoted(c);
    } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      EndWord();
    } else {
      in_word_ = true;
      if (c == '\\') {
        is_escaped_ = true;
      } else if (c == '"' || c == '\'') {
        quote_ = c;
      } else {
        word_.push_back(c);
      }
    }
  }
  void TakeQuoted(char c) {
    if (c == quote_) {
      quote_ = '\0';
    } else if (c == '\\' && quote_ == '"') {
      is_escaped_ = true;
    } else {
      word_.push_back(c);
    }
  }
  void EndWord() {
    if (in_word_) words_.push_back(std::move(word_));
    word_.clear();
    in_word_ = false;
  }

  std::vector<std::string> words_;
  std::string word_;
  bool in_word_ = false;  // '' is a word too
  bool is_escaped_ = false;
  char quote_ = '\0';
};

}  // namespace

std::string_view TrimmedEnd(std::string_view text) {
  return text.substr(0, text.find_last_not_of(kWhiteSpace) + 1);
}

std::string_view Trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(kWhiteSpace), text.size()));
  return TrimmedEnd(text);
}

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::string UpperCase(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return upper;
}

bool IsUtf8(std::string_view text) {
  constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  while (!text.empty()) {
    const Lead lead = LeadOf(static_cast<unsigned char>(text.front()));
    if (lead.length == 0 || text.size() < lead.length) return false;
    std::uint32_t value = lead.bits;
    for (const char c : text.substr(1, lead.length - 1)) {
      const auto byte = static_cast<unsigned char>(c);
      if ((byte & 0xC0U) != 0x80U) return false;
      value = value << 6U | (byte & 0x3FU);
    }
    const bool is_surrogate = value >= 0xD800 && value < 0xE000;
    if (value < kLeast[lead.length] || value > 0x10FFFF || is_surrogate) return false;
    text.remove_prefix(lead.length);
  }
  return true;
}

bool StartsWith(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

bool EndsWith(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

std::string Capped(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return std::string(text);
  return std::string(text.substr(0, bytes_max - 3)) + "...";
}

std::string PercentEncode(std::string_view text) {
  constexpr std::string_view kUnreserved =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string encoded;
  for (const char c : text) {
    if (kUnreserved.find(c) != std::string_view::npos) {
      encoded.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded.push_back('%');
    encoded.push_back("0123456789ABCDEF"[byte >> 4U]);
    encoded.push_back("0123456789ABCDEF"[byte & 0x0FU]);
  }
  return encoded;
}

std::optional<std::vector<std::string>> SplitWords(std::string_view text) {
  return WordSplitter().Split(text);
}

bool IsTrue(std::string_view text) { return LowerCase(text) == "true"; }

}  // namespace eic::aws
