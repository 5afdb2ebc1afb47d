#include "chain/options.h"

#include <getopt.h>

#include <array>
#include <charconv>
#include <cstddef>
#include <string_view>

#include "chain/wrong.h"

namespace eic::chain {
namespace {

constexpr const char* kHelp =
    "usage: eic-chain [OPTIONS] -- VALUE...\n"
    "\n"
    "Runs the commands in " EIC_CHAIN_FOLDER
    " in parallel and prints their\n"
    "output. sshd starts it: AuthorizedKeysCommand .../eic-chain -- %u %f %t\n"
    "\n"
    "  --folder DIR             read DIR instead of " EIC_CHAIN_FOLDER
    "\n"
    "  --help                   print this text and exit\n"
    "  --log-to syslog|stderr   where log lines go (default syslog)\n"
    "  --timeout SECONDS        time for the whole run, 1 to 100 (default 30)\n"
    "  --times                  print each member's time instead of its keys\n"
    "  --tokens LETTERS         sshd's tokens that the VALUEs stand for, in order (default uft)\n"
    "  --version                print the version and exit\n"
    "\n"
    "Exits with 0 whatever the members print, and with 64 for wrong usage. See eic-chain(8).\n";

enum OptionCode : int { kTokens = 256, kTimeout, kTimes, kFolder, kLogTo, kVersion, kHelpCode };

constexpr std::array<option, 8> kLongOptions = {{
    {"tokens", required_argument, nullptr, kTokens},
    {"timeout", required_argument, nullptr, kTimeout},
    {"times", no_argument, nullptr, kTimes},
    {"folder", required_argument, nullptr, kFolder},
    {"log-to", required_argument, nullptr, kLogTo},
    {"version", no_argument, nullptr, kVersion},
    {"help", no_argument, nullptr, kHelpCode},
    {nullptr, 0, nullptr, 0},
}};

// What was read, and the letters until their values are.
struct Parsed {
  Options options;
  std::string letters = std::string(kDefaultTokens);
};

Outcome<Nothing> TakeLetters(const std::string& value, Parsed* parsed) {
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (!IsKnownToken(value[i])) {
      return Wrong{std::string("--tokens: sshd has no token %") + value[i]};
    }
    if (value.find(value[i]) != i) {
      return Wrong{std::string("--tokens has the letter ") + value[i] + " twice"};
    }
  }
  parsed->letters = value;
  return Nothing{};
}

Outcome<Nothing> TakeTimeout(const std::string& value, Parsed* parsed) {
  int seconds = 0;
  const char* end = value.data() + value.size();
  const auto [used_up_to, error] = std::from_chars(value.data(), end, seconds);
  if (error != std::errc() || used_up_to != end || seconds < 1 || seconds > kRunTimeMax.count()) {
    return Wrong{"--timeout must be a whole number of seconds from 1 to " +
                 std::to_string(kRunTimeMax.count())};
  }
  parsed->options.run_limit = std::chrono::seconds(seconds);
  return Nothing{};
}

Outcome<Nothing> TakeLogTo(const std::string& value, Parsed* parsed) {
  if (value != "syslog" && value != "stderr") return Wrong{"--log-to must be syslog or stderr"};
  parsed->options.log_to = value == "syslog" ? Options::LogTo::kSyslog : Options::LogTo::kStderr;
  return Nothing{};
}

Outcome<Nothing> Apply(int code, const std::string& value, Parsed* parsed) {
  switch (code) {
    case kTokens:
      return TakeLetters(value, parsed);
    case kTimeout:
      return TakeTimeout(value, parsed);
    case kTimes:
      parsed->options.tells_times = true;
      return Nothing{};
    case kFolder:
      if (value.empty() || value.front() != '/') return Wrong{"--folder must be an absolute path"};
      parsed->options.folder = value;
      return Nothing{};
    case kLogTo:
      return TakeLogTo(value, parsed);
    default:
      return Wrong{"unknown option, or an option that lacks its value"};
  }
}

Result<Options, UsageError> TakeValues(int argc, char* const* argv, int at, Parsed parsed) {
  const auto count = static_cast<std::size_t>(argc - at);
  if (count != parsed.letters.size()) {
    return UsageError{std::to_string(count) + " values given, but the tokens `" + parsed.letters +
                          "` need " + std::to_string(parsed.letters.size()),
                      parsed.options.log_to};
  }
  for (const char letter : parsed.letters) parsed.options.values[letter] = argv[at++];
  return parsed.options;
}

}  // namespace

Result<Options, UsageError> ParseOptions(int argc, char* const* argv) {
  Parsed parsed;
  Options& options = parsed.options;
  opterr = 0;  // getopt must not write to standard error
  optind = 0;  // glibc: from the beginning
  while (true) {
    // "+" ends the options at the first argument that is not one.
    const int code = getopt_long(argc, argv, "+", kLongOptions.data(), nullptr);
    if (code == -1) break;
    if (code == kVersion) options.information = "eic-chain " EIC_VERSION "\n";
    if (code == kHelpCode) options.information = kHelp;
    if (options.information) return options;
    const std::string value = optarg == nullptr ? "" : optarg;
    const Outcome<Nothing> applied = Apply(code, value, &parsed);
    if (!applied) return UsageError{applied.error().text, options.log_to};
  }
  return TakeValues(argc, argv, optind, parsed);
}

}  // namespace eic::chain
