#include "client/ssh/copy_arguments.h"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "client/ssh/option_setting.h"

namespace eic::client {
namespace {

// Letters that take a value: scp(1) and sftp(1) of 7.4 to 10.
constexpr std::string_view kScpLetters = "cDFiJlMoPSX";
constexpr std::string_view kSftpLetters = "BbcDFiJloPRSsX";
constexpr std::string_view kOldLetters = "rzut";

bool Contains(std::string_view letters, char letter) {
  return letters.find(letter) != std::string_view::npos;
}

bool BeginsWith(const std::string& text, std::string_view begin) {
  return text.compare(0, begin.size(), begin) == 0;
}

// `us-west-2`, `us-gov-east-1`, `eusc-de-east-1`.
bool LooksLikeRegion(const std::string& word) {
  const std::size_t dash = word.find('-');
  return dash >= 2 && dash <= 4 && std::count(word.begin(), word.end(), '-') >= 2 &&
         word.size() <= 32 && std::isdigit(static_cast<unsigned char>(word.back())) != 0 &&
         word.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
}

// Where the path's colon of `[user@]host:path` is; npos where the word is a local file. As scp has
// it: a colon at the very beginning, or behind a slash, belongs to a file's name.
std::size_t ColonOf(const std::string& word) {
  bool is_in_brackets = false;
  if (word.empty() || word[0] == ':') return std::string::npos;
  for (std::size_t at = 0; at < word.size(); ++at) {
    const char c = word[at];
    const bool begins_host = at == 0 || word[at - 1] == '@';
    if (c == '[' && begins_host) is_in_brackets = true;
    if (c == ']' && is_in_brackets) is_in_brackets = false;
    if (c == ':' && !is_in_brackets) return at;
    if (c == '/') return std::string::npos;
  }
  return std::string::npos;
}

// Fills in the text around the host.
void Surround(std::size_t begin, std::size_t length, CopyLine::Operand* operand) {
  operand->before_host = operand->word.substr(0, begin);
  operand->behind_host = operand->word.substr(begin + length);
}

aws::Outcome<CopyLine::Operand> UriOperand(const std::string& word, std::string_view scheme) {
  CopyLine::Operand operand{word, std::nullopt, "", ""};
  // Up to the path.
  const std::size_t end = std::min(word.find('/', scheme.size()), word.size());
  aws::Outcome<Destination> parsed = ParseDestination(word.substr(0, end), scheme);
  if (!parsed) return parsed.error();
  operand.remote = *parsed;
  const std::size_t at = word.rfind('@', end);
  std::size_t begin = at == std::string::npos || at >= end ? scheme.size() : at + 1;
  std::size_t length = parsed->host.size();
  if (word[begin] == '[') length += 2;
  Surround(begin, length, &operand);
  return operand;
}

aws::Outcome<CopyLine::Operand> HostOperand(const std::string& word, std::size_t colon) {
  CopyLine::Operand operand{word, std::nullopt, "", ""};
  const std::string left = word.substr(0, colon);
  aws::Outcome<Destination> parsed = ParseDestination(left, "ssh://");
  if (!parsed) return parsed.error();
  Surround(left.size() - parsed->host.size(), parsed->host.size(), &operand);
  std::string& host = parsed->host;
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  operand.remote = *parsed;
  return operand;
}

class Parser {
 public:
  Parser(CopyProgram program, const std::vector<std::string>& words)
      : is_sftp_(program == CopyProgram::kSftp), words_(words) {
    line_.program = program;
  }

  aws::Outcome<CopyLine> Parse() {
    if (const auto done = TakeOptions(); !done) return done.error();
    while (at_ < words_.size()) {
      if (const auto done = TakeOperand(); !done) return done.error();
    }
    line_.is_verbose |= line_.own.is_verbose;
    line_.own.is_verbose = line_.is_verbose;
    return std::move(line_);
  }

 private:
  aws::Outcome<Nothing> TakeOptions() {
    while (at_ < words_.size()) {
      const std::string& word = words_[at_];
      if (word == "--") {
        line_.options.push_back(word);
        is_terminated_ = true;
        ++at_;
        break;
      }
      if (word.size() < 2 || word[0] != '-') break;
      if (const auto taken = TakeOption(); !taken) return taken.error();
    }
    return Nothing{};
  }

  aws::Outcome<Nothing> TakeOption() {
    const std::string& word = words_[at_];
    if (word[1] == '-') return TakeLongOption(words_, &at_, &line_.own);
    if (is_sftp_ && IsOldOption(word)) return TakeOldOption();
    return TakeCluster();
  }

  // Among operands only what can be no file's name but one that a person would write with `./`.
  aws::Outcome<Nothing> TakeOperand() {
    const std::string& word = words_[at_];
    if (!is_terminated_ && word.size() > 2 && BeginsWith(word, "--")) {
      return TakeLongOption(words_, &at_, &line_.own);
    }
    if (!is_terminated_ && is_sftp_ && IsOldOption(word)) return TakeOldOption();
    aws::Outcome<CopyLine::Operand> operand = ReadOperand(word);
    if (!operand) return operand.error();
    line_.operands.push_back(*std::move(operand));
    ++at_;
    return Nothing{};
  }

  aws::Outcome<CopyLine::Operand> ReadOperand(const std::string& word) const {
    const std::string_view scheme = is_sftp_ ? "sftp://" : "scp://";
    if (BeginsWith(word, scheme)) return UriOperand(word, scheme);
    const std::size_t colon = ColonOf(word);
    if (is_sftp_ && !line_.operands.empty()) return CopyLine::Operand{word, std::nullopt, "", ""};
    if (!is_sftp_ && colon == std::string::npos) {
      return CopyLine::Operand{word, std::nullopt, "", ""};
    }
    return HostOperand(word, colon);
  }

  // -z ZONE, -u PROFILE, -t ID, -r REGION, -d, -h of the old msftp.
  bool IsOldOption(const std::string& word) const {
    if (word.size() < 2 || word[0] != '-') return false;
    if (word == "-d" || word == "-h") return true;
    if (!Contains(kOldLetters, word[1])) return false;
    if (word[1] != 'r') return true;
    if (word.size() > 2) return LooksLikeRegion(word.substr(2));
    return at_ + 1 < words_.size() && LooksLikeRegion(words_[at_ + 1]);
  }

  aws::Outcome<Nothing> TakeOldOption() {
    const std::string& word = words_[at_++];
    if (word == "-d") {
      line_.own.is_verbose = true;
      return Nothing{};
    }
    if (word == "-h") {
      line_.own.wants_help = true;
      return Nothing{};
    }
    if (word.size() > 2) return TakeLetter(word[1], word.substr(2), &line_.own);
    if (at_ == words_.size()) return Usage(word + " needs a value");
    return TakeLetter(word[1], words_[at_++], &line_.own);
  }

  aws::Outcome<Nothing> TakeCluster() {
    const std::string word = words_[at_++];
    std::string kept = "-";
    for (std::size_t at = 1; at < word.size(); ++at) {
      const char letter = word[at];
      if (!Contains(is_sftp_ ? kSftpLetters : kScpLetters, letter)) {
        if (letter == 'v') line_.is_verbose = true;
        if (!is_sftp_ && (letter == 'f' || letter == 't')) line_.reaches_no_host = true;
        kept += letter;
        continue;
      }
      std::string value = word.substr(at + 1);
      const bool is_attached = !value.empty();
      if (!is_attached) {
        if (at_ == words_.size()) return Usage(std::string("-") + letter + " needs a value");
        value = words_[at_++];
      }
      TakeValue(letter, value);
      // What our -F file says in their place.
      const bool is_jump =
          letter == 'J' || (letter == 'o' && ParseOptionSetting(value).name == "proxyjump");
      if (letter == 'F' || is_jump) break;
      kept += letter;
      if (is_attached) kept += value;
      line_.options.push_back(kept);
      if (!is_attached) line_.options.push_back(value);
      return Nothing{};
    }
    if (kept.size() > 1) line_.options.push_back(kept);
    return Nothing{};
  }

  void TakeValue(char letter, const std::string& value) {
    if (letter == 'F') line_.config_file = value;
    if (letter == 'J') TakeJump(value);
    if (letter == 'D') line_.reaches_no_host = true;
    if (letter == 'o') TakeSetting(ParseOptionSetting(value));
  }

  // The first counts, as with any setting.
  void TakeJump(const std::string& value) {
    if (!line_.jump.empty()) return;
    line_.jump = value;
    line_.has_jump = value != "none";
  }

  void TakeSetting(const OptionSetting& setting) {
    if (setting.name == "user" && line_.user.empty()) line_.user = setting.value;
    if (setting.name == "proxyjump") TakeJump(setting.value);
    if (setting.name == "proxycommand") line_.proxy_command = setting.value;
    if (setting.name == "identitiesonly") line_.wants_only_identities |= setting.value == "yes";
    if (setting.name == "identityagent" && line_.identity_agent.empty()) {
      line_.identity_agent = setting.value;
    }
  }

  const bool is_sftp_;
  const std::vector<std::string>& words_;
  std::size_t at_ = 0;
  bool is_terminated_ = false;
  CopyLine line_;
};

}  // namespace

aws::Outcome<CopyLine> ParseCopyLine(CopyProgram program, const std::vector<std::string>& words) {
  return Parser(program, words).Parse();
}

std::string OperandWithHost(const CopyLine::Operand& operand, const std::string& host) {
  const bool needs_brackets = host.find(':') != std::string::npos;
  return operand.before_host + (needs_brackets ? "[" + host + "]" : host) + operand.behind_host;
}

}  // namespace eic::client
