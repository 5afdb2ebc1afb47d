// Words as ssh_config(5) reads them back.
//
// ssh's reader changed: since 8.7 a line is split as a shell would (`\` and `"` can be escaped in
// quotes), before that quotes held anything but a quote, and `\` was itself. Where a value cannot
// be written for the ssh that is there, it is refused: no value ever becomes a second word or line.
#pragma once

#include <string>
#include <vector>

#include "aws/failure.h"
#include "client/ssh/ssh_version.h"

namespace eic::client {

// One argument that ssh reads back as `value`, in quotes where it needs them. Fails with `BadPath`
// for control characters, an empty value, and a `"` before 8.7.
aws::Outcome<std::string> ConfigWord(const std::string& value, const SshVersion& version);

// Settings that hold a path, which ssh expands (`%`, `${`, `~`): what it is read back as is `path`
// itself. `path` is absolute; `${` cannot be written.
enum class PathSetting { kIdentityAgent, kUserKnownHostsFile, kInclude };
aws::Outcome<std::string> ConfigPath(PathSetting setting, const std::string& path,
                                     const SshVersion& version);

// One word for the person's own shell, which ssh gives a ProxyCommand to: in single quotes where it
// needs them.
std::string ShellWord(const std::string& word);

// The words of a ProxyCommand. `%h`, `%p` and `%r` alone are ssh's tokens; any other `%` is itself.
aws::Outcome<std::string> ConfigCommand(const std::vector<std::string>& words);

}  // namespace eic::client
