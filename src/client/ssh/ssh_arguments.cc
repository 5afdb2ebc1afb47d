#include "client/ssh/ssh_arguments.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cctype>
#include <optional>

#include "client/limits.h"
#include "client/ssh/option_setting.h"
#include "client/terminal_text.h"
#include "core/instance_id.h"

namespace eic::client {
namespace {

constexpr std::size_t kAddressBytesMax = 16;
constexpr const char* kOwnLettersWithValue = "rzu";

bool Contains(std::string_view letters, char letter) {
  return letters.find(letter) != std::string_view::npos;
}

bool IsAddress(const std::string& text) {
  unsigned char bytes[kAddressBytesMax];
  return inet_pton(AF_INET, text.c_str(), bytes) == 1 ||
         inet_pton(AF_INET6, text.c_str(), bytes) == 1;
}

// A name of labels, two at least, the last of letters: no path and no option.
bool IsDottedName(const std::string& text) {
  const std::size_t dot = text.rfind('.');
  if (dot == std::string::npos || dot == 0 || dot + 1 == text.size()) return false;
  const bool is_plain = std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '.';
  });
  return is_plain && text[0] != '-' &&
         std::all_of(text.begin() + static_cast<std::ptrdiff_t>(dot) + 1, text.end(),
                     [](unsigned char c) { return std::isalpha(c) != 0; });
}

// Whether `word` behind `-t ID` is where ssh connects, and not a command.
bool IsHostOfOldForm(const std::string& word) {
  const std::size_t at = word.rfind('@');
  if (at != std::string::npos) return at > 0 && at + 1 < word.size();
  return IsAddress(word) || IsDottedName(word);
}

// Goes through the words once, from left to right.
class Parser {
 public:
  Parser(const std::vector<std::string>& words, const SshVersion& version)
      : words_(words), with_value_(SshLettersWithValue(version)) {}

  aws::Outcome<SshLine> Parse() {
    if (const auto done = TakeOptions(&line_.before); !done) return done.error();
    if (at_ == words_.size()) return Finished();
    line_.destination_word = words_[at_++];
    aws::Outcome<Destination> destination = ParseDestination(line_.destination_word, "ssh://");
    if (!destination) return destination.error();
    line_.destination = *std::move(destination);
    TakeUser(line_.destination.user);
    if (!is_terminated_) {
      if (const auto done = TakeOptions(&line_.after); !done) return done.error();
    }
    for (; at_ < words_.size(); ++at_) line_.command.push_back(words_[at_]);
    return Finished();
  }

 private:
  SshLine Finished() {
    line_.is_verbose |= line_.own.is_verbose;
    line_.own.is_verbose = line_.is_verbose;
    return std::move(line_);
  }

  // The first user counts.
  void TakeUser(const std::string& user) {
    if (line_.user.empty()) line_.user = user;
  }

  // Up to the first word that is no option, or behind `--`.
  aws::Outcome<Nothing> TakeOptions(std::vector<std::string>* passed) {
    while (at_ < words_.size()) {
      const std::string& word = words_[at_];
      if (word == "--") {
        is_terminated_ = true;
        passed->push_back(word);
        ++at_;
        break;
      }
      if (word.size() < 2 || word[0] != '-') break;
      const aws::Outcome<Nothing> taken =
          word[1] == '-' ? TakeLongOption(words_, &at_, &line_.own) : TakeCluster(passed);
      if (!taken) return taken.error();
    }
    return Nothing{};
  }

  // `-t ID HOST` of the old programs, or -tID.
  bool TakeOldInstanceId() {
    const std::string& word = words_[at_];
    if (word.compare(0, 2, "-t") != 0) return false;
    if (word.size() > 2 && IsInstanceId(word.substr(2))) {
      line_.own.instance_id = word.substr(2);
      ++at_;
      return true;
    }
    const bool has_host = !line_.destination_word.empty();
    if (word != "-t" || at_ + 1 >= words_.size() || !IsInstanceId(words_[at_ + 1])) return false;
    // Behind the destination the id can only be a command's name, unless that HOST is before it.
    if (has_host ? !IsHostOfOldForm(line_.destination_word) : !OldHostFollows(at_ + 2))
      return false;
    line_.own.instance_id = words_[at_ + 1];
    at_ += 2;
    return true;
  }

  // Whether the first word from `at` that is no option is a HOST; options stand before it as well.
  bool OldHostFollows(std::size_t at) const {
    for (; at < words_.size(); ++at) {
      const std::string& word = words_[at];
      if (word.size() < 2 || word[0] != '-') return IsHostOfOldForm(word);
      if (word == "--") return at + 1 < words_.size() && IsHostOfOldForm(words_[at + 1]);
      if (ValueIsNextWord(word)) ++at;
    }
    return false;
  }

  bool ValueIsNextWord(const std::string& word) const {
    if (word[1] == '-') {
      OwnOptions ignored;
      std::size_t at = 0;
      const std::vector<std::string> pair = {word, "auto"};
      // Options without a value, and wrong ones, leave the next word where it is.
      return TakeLongOption(pair, &at, &ignored) && at == pair.size();
    }
    for (std::size_t at = 1; at < word.size(); ++at) {
      if (TakesValue(word[at])) return at + 1 == word.size();
    }
    return false;
  }

  bool TakesValue(char letter) const {
    return Contains(with_value_, letter) || Contains(kOwnLettersWithValue, letter);
  }

  aws::Outcome<Nothing> TakeCluster(std::vector<std::string>* passed) {
    if (TakeOldInstanceId()) return Nothing{};
    const std::string word = words_[at_++];
    std::string kept = "-";  // ssh's letters of it
    for (std::size_t at = 1; at < word.size(); ++at) {
      const char letter = word[at];
      line_.depends_on_version |= letter == 'B' || letter == 'P';
      if (!TakesValue(letter)) {
        TakeFlag(letter, &kept);
        continue;
      }
      std::string value = word.substr(at + 1);
      const bool is_attached = !value.empty();
      if (!is_attached) {
        if (at_ == words_.size()) return Usage(std::string("-") + letter + " needs a value");
        value = words_[at_++];
      }
      if (Contains(kOwnLettersWithValue, letter)) {
        const auto taken = TakeLetter(letter, value, &line_.own);
        if (!taken) return taken.error();
      } else {
        TakeValue(letter, value);
        if (letter == 'F') break;
        kept += letter;
        if (is_attached) kept += value;
        passed->push_back(kept);
        if (!is_attached) passed->push_back(value);
        return Nothing{};
      }
      break;
    }
    if (kept.size() > 1) passed->push_back(kept);
    return Nothing{};
  }

  void TakeFlag(char letter, std::string* kept) {
    if (letter == 'd') {
      line_.own.is_verbose = true;
    } else if (letter == 'h') {
      line_.own.wants_help = true;
    } else {
      *kept += letter;
      if (letter == 'G') line_.mode = SshLine::Mode::kShowSettings;
      if (letter == 'V') line_.mode = SshLine::Mode::kTell;
      if (letter == 'v') line_.is_verbose = true;
    }
  }

  void TakeValue(char letter, const std::string& value) {
    switch (letter) {
      case 'F':
        line_.config_file = value;
        break;
      case 'J':
        line_.has_jump = value != "none";
        break;
      case 'l':
        TakeUser(value);
        break;
      case 'O':
        line_.mode = SshLine::Mode::kControl;
        break;
      case 'o':
        TakeSetting(ParseOptionSetting(value));
        break;
      case 'Q':
        line_.mode = SshLine::Mode::kTell;
        break;
      default:
        break;
    }
  }

  void TakeSetting(const OptionSetting& setting) {
    if (setting.name == "user") TakeUser(setting.value);
    if (setting.name == "proxyjump") line_.has_jump = setting.value != "none";
    if (setting.name == "proxycommand") line_.proxy_command = setting.value;
    if (setting.name == "identitiesonly") line_.wants_only_identities |= setting.value == "yes";
    if (setting.name == "identityagent" && line_.identity_agent.empty()) {
      line_.identity_agent = setting.value;
    }
  }

  const std::vector<std::string>& words_;
  const std::string with_value_;
  std::size_t at_ = 0;
  bool is_terminated_ = false;
  SshLine line_;
};

}  // namespace

std::string SshLettersWithValue(const SshVersion& version) {
  // ssh(1) of 7.4 to 10: -B came with 7.7; -P was a flag until 9.4 gave it a tag's name.
  std::string letters = "bceilmopDEFIJLOQRSWw";
  if (version.IsAtLeast(7, 7)) letters += 'B';
  if (version.IsAtLeast(9, 4)) letters += 'P';
  return letters;
}

aws::Outcome<Destination> ParseDestination(const std::string& text, std::string_view scheme) {
  const auto bad = [&text] {
    return Usage("there is no host in " + TerminalLine(text, kShownValueBytesMax));
  };
  Destination parsed;
  std::string rest = text;
  parsed.is_uri = rest.compare(0, scheme.size(), scheme) == 0;
  if (parsed.is_uri) {
    rest.erase(0, scheme.size());
    while (!rest.empty() && rest.back() == '/') rest.pop_back();
  }
  const std::size_t at = rest.rfind('@');
  if (at == 0) return bad();
  if (at != std::string::npos) {
    parsed.user = rest.substr(0, at);
    rest.erase(0, at + 1);
  }
  if (parsed.is_uri) {
    // A user may have `;fingerprint=...` behind it (draft-ietf-secsh-scp-sftp-ssh-uri).
    parsed.user.erase(std::min(parsed.user.find(';'), parsed.user.size()));
    const bool is_bracketed = !rest.empty() && rest[0] == '[';
    const std::size_t end = is_bracketed ? rest.find(']') : rest.find(':');
    if (is_bracketed && end == std::string::npos) return bad();
    const std::size_t colon = is_bracketed ? rest.find(':', end) : end;
    if (colon != std::string::npos) parsed.port = rest.substr(colon + 1);
    parsed.host = is_bracketed ? rest.substr(1, end - 1) : rest.substr(0, colon);
  } else {
    parsed.host = rest;
  }
  if (parsed.host.empty() || parsed.host[0] == '-') return bad();
  return parsed;
}

aws::Outcome<SshLine> ParseSshLine(const std::vector<std::string>& words,
                                   const SshVersion& version) {
  return Parser(words, version).Parse();
}

}  // namespace eic::client
