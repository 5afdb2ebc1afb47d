// The extension by which ssh tells an agent which session a connection serves (OpenSSH 8.9 and
// later, PROTOCOL.agent, session-bind@openssh.com): the host's key, and its signature over the
// session's id.
//
//   contents := string(host key blob) string(session id) string(signature) byte(is forwarding)
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace eic::client {

inline constexpr std::string_view kSessionBind = "session-bind@openssh.com";

struct SessionBind {
  std::string_view host_key;
  std::string_view session_id;
  std::string_view signature;
  bool is_forwarding = false;
};

// Views of `contents`; nothing where it is not the grammar above to its last byte.
std::optional<SessionBind> ParseSessionBind(std::string_view contents);

// A session whose id the host's key has signed.
class VerifiedBinding {
 public:
  // Both as they were sent, and the host's key without its certificate.
  const std::string& host_key() const { return host_key_; }
  const std::string& plain_host_key() const { return plain_host_key_; }
  bool is_certificate() const { return is_certificate_; }
  const std::string& session_id() const { return session_id_; }

 private:
  friend std::optional<VerifiedBinding> VerifySessionBind(const SessionBind& bind);
  VerifiedBinding() = default;

  std::string host_key_;
  std::string plain_host_key_;
  bool is_certificate_ = false;
  std::string session_id_;
};

// Nothing where the signature is not by that key over that id, or the key is none that is supported
// (host_key.h).
std::optional<VerifiedBinding> VerifySessionBind(const SessionBind& bind);

}  // namespace eic::client
