#include "client/ssh/ssh_version.h"

#include <cctype>

#include "client/limits.h"
#include "client/ssh/run_ssh.h"
#include "client/terminal_text.h"

namespace eic::client {
namespace {

constexpr int kNumberMax = 999;

bool IsDigit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

// The number at `*at`, and `*at` behind it; nothing where there is none.
std::optional<int> TakeNumber(const std::string& text, std::size_t* at) {
  if (*at >= text.size() || !IsDigit(text[*at])) return std::nullopt;
  int number = 0;
  for (; *at < text.size() && IsDigit(text[*at]); ++*at) {
    number = number * 10 + (text[*at] - '0');
    if (number > kNumberMax) return std::nullopt;
  }
  return number;
}

}  // namespace

std::optional<SshVersion> ParseSshVersion(const std::string& text) {
  const std::string name = "OpenSSH_";
  const std::size_t begin = text.find(name);
  if (begin == std::string::npos) return std::nullopt;
  const std::size_t end = text.find_first_of(" ,\r\n", begin);
  std::size_t at = begin + name.size();
  while (at < text.size() && at < end && !IsDigit(text[at])) ++at;
  const std::optional<int> major = TakeNumber(text, &at);
  if (!major || at >= text.size() || text[at] != '.') return std::nullopt;
  ++at;
  const std::optional<int> minor = TakeNumber(text, &at);
  if (!minor) return std::nullopt;
  return SshVersion{*major, *minor};
}

aws::Outcome<SshVersion> CheckSshVersion(const std::string& text) {
  constexpr int kMajorMin = 7;
  constexpr int kMinorMin = 4;
  const std::optional<SshVersion> version = ParseSshVersion(text);
  const std::string said = TerminalLine(text.substr(0, text.find('\n')), kShownValueBytesMax);
  if (!version) {
    return aws::Failure{"BadSsh", "the ssh on PATH is not OpenSSH: `ssh -V` says \"" + said + "\"",
                        "put OpenSSH first on PATH"};
  }
  if (!version->IsAtLeast(kMajorMin, kMinorMin)) {
    return aws::Failure{"BadSsh", "the ssh on PATH is too old: `ssh -V` says \"" + said + "\"",
                        "OpenSSH 7.4 or later is needed"};
  }
  return *version;
}

aws::Outcome<SshVersion> AskSshVersion() {
  const aws::Outcome<Ran> ran = RunSsh({"ssh", "-V"});
  if (!ran) return ran.error();
  return CheckSshVersion(ran->errors + ran->output);
}

}  // namespace eic::client
