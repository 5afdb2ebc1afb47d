#include "admin/sshd/prove_tokens.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "admin/layout.h"
#include "admin/limits.h"
#include "core/printable.h"

namespace eic::admin {
namespace {

// What sshd prints at its finest log level once the tokens are replaced and the command starts
// (misc.c, subprocess; OpenSSH 7.4 to 10), and if it does not know a token (percent_expand).
constexpr std::string_view kRan = "AuthorizedKeysCommand command \"";
constexpr std::string_view kUnknownKey = "unknown key %";

Failure Unproven(const std::string& why) {
  return {ExitStatus::kUnchecked, "tokens-unproven",
          "could not test whether sshd knows the chain's tokens: " + why};
}

// The program that the login ends in prints its version, whatever the tokens are.
std::string Harmless(const std::string& command) {
  const std::size_t end = std::min(command.find(' '), command.size());
  return command.substr(0, end) + " --version" + command.substr(end);
}

std::string ConfigFor(const std::string& command, const std::string& host_key,
                      const std::string& use_pam) {
  return "HostKey " + host_key + "\nAuthorizedKeysCommand " + Harmless(command) +
         "\nAuthorizedKeysCommandUser root\nAuthorizedKeysFile none\nPermitRootLogin yes\n"
         "StrictModes no\nPidFile none\nLogLevel DEBUG3\nPasswordAuthentication no\nUsePAM " +
         use_pam + "\n";
}

// What sshd and the client said.
Outcome<std::string> TryLogin(Sshd& sshd, const std::string& key, const std::string& command,
                              const std::string& use_pam) {
  const Outcome<std::string> config =
      sshd.WriteThrowAwayFile("proof." + use_pam, ConfigFor(command, key, use_pam));
  if (!config) return config.error();
  const ProgramResult result =
      sshd.runner().Run({sshd.layout().ssh,
                         "-F",
                         "none",
                         "-o",
                         "BatchMode=yes",
                         "-o",
                         "IdentitiesOnly=yes",
                         "-o",
                         "IdentityAgent=none",
                         "-o",
                         "PreferredAuthentications=publickey",
                         "-o",
                         "StrictHostKeyChecking=no",
                         "-o",
                         "UserKnownHostsFile=/dev/null",
                         "-o",
                         "GlobalKnownHostsFile=/dev/null",
                         "-i",
                         key,
                         "-o",
                         "ProxyCommand=" + sshd.layout().sshd + " -i -e -f " + *config,
                         "-l",
                         "root",
                         "proof.invalid",
                         "true"},
                        kCheckTimeMax);
  if (result.end != ProgramResult::End::kExited) {
    return Unproven(result.errors.empty() ? "ssh did not answer" : PrintableLine(result.errors));
  }
  return result.errors;
}

}  // namespace

Outcome<Nothing> ProveTokens(Sshd& sshd, const std::string& command) {
  if (!sshd.layout().root.empty()) return Unproven("this program does not enter the tree");
  // One throw-away key serves as the host's and as the client's.
  const std::optional<std::string> key = sshd.ThrowAwayKey();
  if (!key) return Unproven("ssh-keygen made no key");
  // Without PAM, sshd runs no command for root if its password is locked. With PAM, sshd needs
  // PAM's own configuration.
  std::string said;
  for (const char* use_pam : {"yes", "no"}) {
    const Outcome<std::string> tried = TryLogin(sshd, *key, command, use_pam);
    if (!tried) return tried.error();
    if (tried->find(kRan) != std::string::npos) return Nothing{};
    const std::size_t unknown = tried->find(kUnknownKey);
    if (unknown != std::string::npos) {
      return Failure{ExitStatus::kFailed, "token-unknown",
                     "this sshd does not know the token %" +
                         tried->substr(unknown + kUnknownKey.size(), 1) + " of `" + command +
                         "`, so every login would fail; nothing was changed"};
    }
    said = *tried;
  }
  const std::size_t last = said.find_last_not_of("\r\n");
  const std::size_t begin = last == std::string::npos ? 0 : said.rfind('\n', last) + 1;
  return Unproven("sshd did not reach its command: " + PrintableLine(said.substr(begin)));
}

}  // namespace eic::admin
