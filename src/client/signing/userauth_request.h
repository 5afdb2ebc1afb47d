// What a client signs to log in with a key (RFC 4252 section 7), and OpenSSH's form of it that
// names the host's key as well (PROTOCOL, publickey-hostbound-v00@openssh.com).
//
//   data := string(session id) byte(50) string(user) string("ssh-connection") string(method)
//           byte(1) string(algorithm) string(key blob) host-key?
//   method   := "publickey" | "publickey-hostbound-v00@openssh.com"
//   host-key := string(host key blob)         // of the second method, and of it alone
#pragma once

#include <optional>
#include <string_view>

namespace eic::client {

struct UserauthRequest {
  std::string_view session_id;
  std::string_view user;
  std::string_view algorithm;
  std::string_view key_blob;
  std::optional<std::string_view> host_key;
};

// Views of `data`; nothing where it is anything else than the grammar above to its last byte.
std::optional<UserauthRequest> ParseUserauthRequest(std::string_view data);

}  // namespace eic::client
