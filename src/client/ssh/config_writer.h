// What ssh is told: the block for every instance id, and the -F file of one command line.
//
// First value wins in ssh_config, so what must hold comes first, and defaults last.
#pragma once

#include <string>
#include <vector>

#include "aws/failure.h"
#include "client/folder.h"
#include "client/ssh/ssh_version.h"
#include "client/target/settings.h"

namespace eic::client {

// Instance ids, alone and with `.REGION` behind. Not `i-*`, which would capture hosts of other
// people's naming.
inline constexpr const char* kInstancePatterns =
    "i-????????,i-?????????????????,i-????????.*,i-?????????????????.*";

struct BlockSpec {
  SshVersion version;
  Folder folder;
  std::vector<std::string> proxy_command;  // ConfigCommand's words
  HostKeys host_keys = HostKeys::kAcceptNew;
};

// The block, for whatever host has the shape of an instance id. It ends in `Match all`.
aws::Outcome<std::string> WriteBlock(const BlockSpec& spec);

// A host of the command line.
struct HostSection {
  std::string word;         // what ssh is given as host
  std::string instance_id;  // its name among the known hosts
  std::string host_name;    // where ssh, or the ProxyCommand, goes: the id, or an address
  std::string user;         // empty: others say
  HostKeys host_keys = HostKeys::kAcceptNew;
  std::vector<std::string> proxy_command;  // empty: none is set here
  bool passes_socket = true;               // the ProxyCommand: ProxyUseFdpass
  bool connects_itself = false;            // ssh, without any ProxyCommand
};

struct CommandSpec {
  BlockSpec block;  // for jump hosts
  std::vector<HostSection> hosts;
  std::vector<std::string> includes;  // the person's own configuration, then the system's
};

// The -F file. Fails with `BadPath`, and with `Usage` where a word or a user cannot be written.
aws::Outcome<std::string> WriteCommandConfig(const CommandSpec& spec);

// Whether `word` can be a host of the file as it is: lower case letters, digits, `.`, `_`, `-`, and
// `:` for IPv6 addresses.
bool IsPlainHost(const std::string& word);

}  // namespace eic::client
