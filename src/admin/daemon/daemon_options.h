// The options on sshd's command line that have a say in the configuration: `-o`, `-f`, `-h`. They
// beat the files, and a plain `sshd -T` does not see them.
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

  // What `-o` says of the command or its user; none where it says nothing.
  std::optional<std::string> Command() const;
  std::optional<std::string> User() const;
  bool SetsCommandOrUser() const { return Command() || User(); }

  // The same without what sets the command or its user.
  DaemonOptions WithoutCommand() const;
};

// From an argument vector, argv[0] included.
DaemonOptions ParseDaemonArguments(const std::vector<std::string>& argv);

// The arguments without those by which the shell agent's packages made themselves known.
std::vector<std::string> WithoutShellAgent(const std::vector<std::string>& argv);

// From the title of a listener, `sshd: /usr/sbin/sshd -D -o A b c -o D e [listener] 0 of 10-100
// startups`, in which the borders of the arguments are lost: a value of `-o` goes on until the next
// word that looks like one of sshd's options.
DaemonOptions ParseDaemonTitle(std::string_view title);

}  // namespace eic::admin
