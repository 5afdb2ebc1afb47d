// The options on sshd's command line that affect the configuration: `-o`, `-f`, `-h`. They override
// the files, and a plain `sshd -T` does not see them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace eic::admin {

struct DaemonOptions {
  std::vector<std::string> settings;   // of `-o`, as they stand: `Name value` or `Name=value`
  std::string config_file;             // of `-f`; empty: the default
  std::vector<std::string> host_keys;  // of `-h`

  // The file that sshd reads first.
  std::string MainFile() const;

  // The command or the user that `-o` sets; none if it sets none.
  std::optional<std::string> Command() const;
  std::optional<std::string> User() const;
  bool SetsCommandOrUser() const { return Command() || User(); }

  // The same without the options that set the command or its user.
  DaemonOptions WithoutCommand() const;
};

// From an argument vector, argv[0] included.
DaemonOptions ParseDaemonArguments(const std::vector<std::string>& argv);

// The arguments without those that the shell agent's packages added.
std::vector<std::string> WithoutShellAgent(const std::vector<std::string>& argv);

// From the title of a listener, `sshd: /usr/sbin/sshd -D -o A b c -o D e [listener] 0 of 10-100
// startups`. It has no borders between arguments, so a value of `-o` continues until the next word
// that looks like one of sshd's options.
DaemonOptions ParseDaemonTitle(std::string_view title);

}  // namespace eic::admin
