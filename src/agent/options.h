// The command line of eic-authorized-keys(8). Its names are a contract, because sshd_config files
// contain them.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "host/limits.h"

namespace eic {

struct Options {
  std::optional<std::string> information;  // of `--help` and `--version`: print only this
  bool self_test = false;                  // then there is no user

  std::vector<std::string> imds_endpoints;  // `http://ADDRESS[:PORT]`, tried in order
  std::optional<std::string> ca_store;      // absent: the distribution's
  std::string sysfs_root = "/sys";
  std::chrono::milliseconds timeout = kRunTimeDefault;
  bool caller_environment = false;  // lines carry a label of the caller: agent/caller_label.h
  enum class LogTo { kSyslog, kStderr } log_to = LogTo::kSyslog;

  // As sshd gives them (`%u %f %t`); empty strings are values like any other.
  std::string user;
  std::optional<std::string> fingerprint;
  std::optional<std::string> key_type;
};

// Wrong usage: an error of whoever wrote the command line, never of a login. `log_to` as far as it
// was read.
struct UsageError {
  std::string text;
  Options::LogTo log_to = Options::LogTo::kSyslog;
};

// Reads main's arguments. Under the name `eic_run_authorized_keys`, that of the shell agent, every
// argument is positional. Uses getopt_long(3), so it must not be called from two threads.
Result<Options, UsageError> ParseOptions(int argc, char* const* argv);

}  // namespace eic
