// The command line of eic-chain(8). Its names are a contract: sshd_config files contain them.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "chain/limits.h"
#include "chain/member_folder.h"
#include "chain/tokens.h"
#include "core/result.h"

namespace eic::chain {

struct Options {
  std::optional<std::string> information;  // of `--help` and `--version`: print only this
  std::string folder = kMemberFolder;
  TokenValues values;  // as sshd gives them; empty texts are values like any other
  std::chrono::milliseconds run_limit = kRunTimeDefault;
  bool tells_times = false;  // a line for each member instead of keys
  enum class LogTo { kSyslog, kStderr } log_to = LogTo::kSyslog;
};

// Wrong usage: an error of whoever wrote the command line, never of a login.
struct UsageError {
  std::string text;
  Options::LogTo log_to = Options::LogTo::kSyslog;
};

// Reads main's arguments: `[OPTIONS] -- VALUE...`, one value for each letter of --tokens, in its
// order. Uses getopt_long(3), so it must not be called from two threads.
Result<Options, UsageError> ParseOptions(int argc, char* const* argv);

}  // namespace eic::chain
