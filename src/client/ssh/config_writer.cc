#include "client/ssh/config_writer.h"

#include <algorithm>

#include "client/limits.h"
#include "client/ssh/config_words.h"
#include "client/terminal_text.h"
#include "core/instance_id.h"

namespace eic::client {
namespace {

constexpr std::size_t kHostBytesMax = 255;

std::string Line(const char* name, const std::string& value) {
  return std::string("  ") + name + ' ' + value + '\n';
}

const char* StrictHostKeyChecking(HostKeys host_keys, const SshVersion& version) {
  switch (host_keys) {
    case HostKeys::kAcceptNew:
      // accept-new came with 7.6.
      return version.IsAtLeast(7, 6) ? "accept-new" : "ask";
    case HostKeys::kAsk:
      return "ask";
    case HostKeys::kYes:
      break;
  }
  return "yes";
}

// What makes a login: our agent's key first, and host keys by instance id.
aws::Outcome<std::string> LoginLines(const BlockSpec& spec, HostKeys host_keys) {
  const aws::Outcome<std::string> agent =
      ConfigPath(PathSetting::kIdentityAgent, spec.folder.AgentSocket(), spec.version);
  if (!agent) return agent.error();
  const aws::Outcome<std::string> known_hosts =
      ConfigPath(PathSetting::kUserKnownHostsFile, spec.folder.KnownHosts(), spec.version);
  if (!known_hosts) return known_hosts.error();
  return Line("IdentityAgent", *agent) + Line("IdentitiesOnly", "no") +
         Line("StrictHostKeyChecking", StrictHostKeyChecking(host_keys, spec.version)) +
         Line("UserKnownHostsFile", *known_hosts) +
         // An id is no secret, and `eic forget` finds it with whatever follows it.
         Line("HashKnownHosts", "no");
}

aws::Outcome<std::string> ProxyLines(const std::vector<std::string>& words, bool passes_socket) {
  const aws::Outcome<std::string> command = ConfigCommand(words);
  if (!command) return command.error();
  return Line("ProxyCommand", *command) + Line("ProxyUseFdpass", passes_socket ? "yes" : "no");
}

aws::Outcome<std::string> IncludeLine(const std::string& path, const SshVersion& version) {
  const aws::Outcome<std::string> word = ConfigPath(PathSetting::kInclude, path, version);
  if (!word) return word.error();
  return "Include " + *word + "\n";
}

aws::Failure CannotWrite(const char* what, const std::string& value) {
  return {"Usage",
          std::string(what) + " " + TerminalLine(value, kShownValueBytesMax) +
              " cannot be written into ssh's configuration",
          "use the instance id, and user@ for the user"};
}

aws::Outcome<std::string> WriteHost(const HostSection& host, const BlockSpec& block) {
  if (!IsPlainHost(host.word)) return CannotWrite("the host", host.word);
  if (!IsPlainHost(host.host_name)) return CannotWrite("the address", host.host_name);
  if (!IsInstanceId(host.instance_id)) return CannotWrite("the instance id", host.instance_id);
  if (!host.user.empty() && !IsPlainUser(host.user)) return CannotWrite("the user", host.user);
  const aws::Outcome<std::string> login = LoginLines(block, host.host_keys);
  if (!login) return login.error();
  std::string text = "Host " + host.word + "\n" + Line("HostName", host.host_name) +
                     Line("HostKeyAlias", host.instance_id);
  if (!host.user.empty()) text += Line("User", host.user);
  if (host.connects_itself) {
    text += Line("ProxyCommand", "none");
  } else if (!host.proxy_command.empty()) {
    const aws::Outcome<std::string> proxy = ProxyLines(host.proxy_command, host.passes_socket);
    if (!proxy) return proxy.error();
    text += *proxy;
  }
  return text + *login;
}

}  // namespace

bool IsPlainHost(const std::string& word) {
  return !word.empty() && word.size() <= kHostBytesMax && word[0] != '-' &&
         std::all_of(word.begin(), word.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
                  c == '-' || c == ':';
         });
}

aws::Outcome<std::string> WriteBlock(const BlockSpec& spec) {
  const std::string match = std::string("Match host ") + kInstancePatterns + "\n";
  const aws::Outcome<std::string> login = LoginLines(spec, spec.host_keys);
  if (!login) return login.error();
  const aws::Outcome<std::string> proxy = ProxyLines(spec.proxy_command, true);
  if (!proxy) return proxy.error();
  const aws::Outcome<std::string> users = IncludeLine(spec.folder.UsersConfig(), spec.version);
  if (!users) return users.error();
  // The users that are remembered come before the one that most images have. Include is in a
  // Match all, since it would count for the hosts of the Match before it alone.
  return match + *proxy + *login + "Match all\n" + *users + match + Line("User", "ec2-user") +
         "Match all\n";
}

aws::Outcome<std::string> WriteCommandConfig(const CommandSpec& spec) {
  std::string text = "# Written by eic for one command line.\n";
  for (const HostSection& host : spec.hosts) {
    const aws::Outcome<std::string> section = WriteHost(host, spec.block);
    if (!section) return section.error();
    text += *section;
  }
  const aws::Outcome<std::string> block = WriteBlock(spec.block);
  if (!block) return block.error();
  text += *block;
  for (const std::string& path : spec.includes) {
    const aws::Outcome<std::string> line = IncludeLine(path, spec.block.version);
    if (!line) return line.error();
    text += *line;
  }
  return text;
}

}  // namespace eic::client
