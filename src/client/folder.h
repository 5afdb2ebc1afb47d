// Where the client keeps what it needs at run time: one folder of mode 0700.
//
// `$EIC_HOME`, else `.ssh/eic` in the home that passwd names for this user, which is where ssh
// looks, whatever $HOME says.
#pragma once

#include <string>

#include "aws/failure.h"

namespace eic::client {

struct Folder {
  std::string path;  // absolute, without a final slash

  std::string AgentSocket() const { return path + "/agent.sock"; }
  std::string ControlSocket() const { return path + "/control.sock"; }
  std::string KeeperLock() const { return path + "/keeper.lock"; }
  std::string KnownHosts() const { return path + "/known_hosts"; }
  std::string SshConfig() const { return path + "/ssh_config"; }
  std::string UsersConfig() const { return path + "/users.conf"; }
  std::string RunFolder() const { return path + "/run"; }
  std::string Remembered() const { return path + "/remembered.json"; }
  std::string LastFailure() const { return path + "/last-failure"; }
  std::string MfaLock() const { return path + "/mfa.lock"; }
};

// Makes the folder where it is missing. Fails with `BadFolder` where it is not this user's alone, a
// link leads elsewhere, it cannot be made, or its path is too long for a socket's name (sun_path).
aws::Outcome<Folder> OpenFolder();

}  // namespace eic::client
