// One SSH connection to an instance, by libssh: key, handshake, authentication, terminal.
//
// Only this file and the two relays use libssh. It reads no configuration, no known hosts and no
// key from a file.
#pragma once

#include <libssh/callbacks.h>
#include <libssh/libssh.h>

#include <memory>
#include <optional>
#include <string>

#include "console/link/packet.h"

namespace eic::console {

struct FreeSsh {
  void operator()(ssh_session session) const { ssh_free(session); }
  void operator()(ssh_key key) const { ssh_key_free(key); }
  void operator()(ssh_channel channel) const { ssh_channel_free(channel); }
};
using SshSessionPtr = std::unique_ptr<ssh_session_struct, FreeSsh>;
using SshKeyPtr = std::unique_ptr<ssh_key_struct, FreeSsh>;
using SshChannelPtr = std::unique_ptr<ssh_channel_struct, FreeSsh>;

// Loads what libssh and OpenSSL need from files. Call it once, before the process is confined.
void PrepareSsh();

// A key for this login: Ed25519, or RSA if OpenSSL refuses Ed25519. Null if it makes neither.
SshKeyPtr MakeKey();
// `TYPE BASE64`; empty if libssh fails.
std::string PublicLine(const SshKeyPtr& key);

// Each step returns the reason why it failed, or nothing.
class SshSession {
 public:
  SshSession() = default;
  // While the channel closes, libssh still handles packets, but without our callbacks.
  ~SshSession();
  SshSession(const SshSession&) = delete;
  SshSession& operator=(const SshSession&) = delete;

  // Borrows the connected `socket`.
  std::optional<Exit> Handshake(int socket, const Begin& begin);
  // In the wire form; empty if libssh fails.
  std::string HostKeyBlob() const;
  std::optional<Exit> LogIn(const Begin& begin, const SshKeyPtr& key);
  std::optional<Exit> StartShell(const Begin& begin);
  std::optional<Exit> StartSftp();

  // How the shell ended; nothing until the instance has reported it.
  const std::optional<Exit>& ending() const { return ending_; }

  ssh_session session() const { return session_.get(); }
  ssh_channel channel() const { return channel_.get(); }

 private:
  Exit Failed(Exit::How how) const;
  void WatchEnding();
  static void OnExitStatus(ssh_session, ssh_channel, int status, void* self);
  static void OnExitSignal(ssh_session, ssh_channel, const char* signal, int, const char*,
                           const char*, void* self);

  SshSessionPtr session_;
  SshChannelPtr channel_;  // freed before its session
  ssh_channel_callbacks_struct callbacks_{};
  std::optional<Exit> ending_;
};

}  // namespace eic::console
