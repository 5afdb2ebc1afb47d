// `eic jump`, which the -F files of scp and sftp have as the ProxyCommand of an instance behind
// jump hosts: it pushes the key of the ssh that runs it, and becomes the ssh that goes by way of
// them. With a ProxyJump of ssh's own nobody would push.
//
// For mssh that is not needed: there the wrapper has pushed, and ssh's own -J does the rest.
#pragma once

#include <string>
#include <vector>

#include "client/outside.h"
#include "client/own_options.h"

namespace eic::client {

struct JumpRoute {
  std::string address;      // of the instance, as the last jump host reaches it
  std::string jump;         // as ProxyJump has it: HOST[,HOST...]
  std::string config_file;  // -F for the hosts
};

struct JumpOptions {
  JumpRoute route;
  std::string instance_id;
  std::string port;
  std::string os_user;
  KeyType key_type = KeyType::kEd25519;
  aws::Settings settings;
};

aws::Outcome<std::vector<std::string>> JumpCommandWords(const Outside& outside,
                                                        const OwnOptions& own,
                                                        const aws::Settings& place,
                                                        const JumpRoute& route);

// ssh by way of the jump hosts: `a,b` is the host b behind -J a.
std::vector<std::string> JumpLine(const JumpOptions& options);

int RunJumpCommand(Outside& outside, const JumpOptions& options);

}  // namespace eic::client
