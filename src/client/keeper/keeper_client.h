// What the client's processes ask the keeper, which holds the private keys.
//
// The keeper is started by the first MakeKey, and ends by itself when nobody needs it any more.
// Every call starts over where it met one that was just ending. All of them fail with
// `KeeperFailed`; the message says what of it.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "aws/failure.h"
#include "client/folder.h"

namespace eic::client {

enum class KeyType { kEd25519, kRsa };

// A login for which a key is wanted.
struct KeyRequest {
  pid_t ssh_pid = 0;  // the process that is or becomes ssh: the caller or its parent
  KeyType type = KeyType::kEd25519;
  std::string instance_id;
  std::string os_user;
  // Names under which known_hosts may know the host: the id, the word that ssh was given, each also
  // as `[NAME]:PORT` where the port is not 22.
  std::vector<std::string> host_names;
  // The user's own agent, for connections that are forwarded; empty: none is.
  std::string user_agent_socket = {};
};

struct KeptKey {
  std::string public_key;            // OpenSSH's form, one line without its end
  KeyType type = KeyType::kEd25519;  // RSA where this host's OpenSSL refuses Ed25519
  bool is_pushed = false;
  std::string note = {};  // what a person may want to know with -v; empty: nothing
};

// Makes a fresh key for that ssh; an older one of the same ssh is dropped. Starts the keeper where
// it does not run, by fork: call it before this process has a second thread.
aws::Outcome<KeptKey> MakeKey(const Folder& folder, const KeyRequest& request);

// The key that is already there for `ssh_pid`; nothing where there is none.
aws::Outcome<std::optional<KeptKey>> FindKey(const Folder& folder, pid_t ssh_pid);

// The key's 65 seconds count from now. Fails with `KeyGone` where the keeper that had it was
// killed: make another one.
aws::Outcome<Nothing> MarkPushed(const Folder& folder, pid_t ssh_pid);

// Forwarded connections of that ssh go to this agent from now on, for as long as that ssh lives.
// Fails with `KeyGone` as well.
aws::Outcome<Nothing> RelayForwarded(const Folder& folder, pid_t ssh_pid,
                                     const std::string& user_agent_socket);

// Drops the key of a login that failed before ssh asked for it.
void DropKey(const Folder& folder, pid_t ssh_pid);

}  // namespace eic::client
