// Messages as ssh builds them, for tests of what reads them. Keys are made for one test each.
#pragma once

#include <openssl/evp.h>

#include <string>
#include <string_view>

#include "client/signing/one_time_key.h"
#include "client/signing/wire.h"

namespace eic::fakes {

inline client::OneTimeKey NewKey(client::KeyType type = client::KeyType::kEd25519) {
  aws::Outcome<client::OneTimeKey> key = client::OneTimeKey::Make(type);
  return std::move(*key);
}

inline std::string SessionId(char filling = 's') { return std::string(32, filling); }

// session-bind@openssh.com of a host that `host` is the key of.
inline std::string BindContents(const client::OneTimeKey& host, const std::string& session_id,
                                bool is_forwarding = false) {
  const std::string_view algorithm = *host.AlgorithmFor(4);
  std::string contents;
  client::AppendString(contents, host.blob());
  client::AppendString(contents, session_id);
  client::AppendString(contents, *host.Sign(session_id, algorithm));
  client::AppendByte(contents, is_forwarding ? 1 : 0);
  return contents;
}

inline std::string ExtensionMessage(std::string_view name, std::string_view contents) {
  std::string message;
  client::AppendByte(message, 27);
  client::AppendString(message, name);
  return message.append(contents);
}

inline std::string BindMessage(const client::OneTimeKey& host, const std::string& session_id,
                               bool is_forwarding = false) {
  return ExtensionMessage("session-bind@openssh.com",
                          BindContents(host, session_id, is_forwarding));
}

// The data of RFC 4252 section 7, each part to be spoiled.
struct Userauth {
  std::string session_id = SessionId();
  std::uint8_t type = 50;
  std::string user = "ubuntu";
  std::string service = "ssh-connection";
  std::string method = "publickey";
  std::uint8_t has_signature = 1;
  std::string algorithm = "ssh-ed25519";
  std::string key_blob = {};
  std::string host_key = {};  // empty: not there
  std::string end = {};

  std::string Data() const {
    std::string data;
    client::AppendString(data, session_id);
    client::AppendByte(data, type);
    client::AppendString(data, user);
    client::AppendString(data, service);
    client::AppendString(data, method);
    client::AppendByte(data, has_signature);
    client::AppendString(data, algorithm);
    client::AppendString(data, key_blob);
    if (!host_key.empty()) client::AppendString(data, host_key);
    return data.append(end);
  }
};

inline std::string SignMessage(std::string_view key_blob, std::string_view data,
                               std::uint32_t flags = 0) {
  std::string message;
  client::AppendByte(message, 13);
  client::AppendString(message, key_blob);
  client::AppendString(message, data);
  client::AppendUint32(message, flags);
  return message;
}

}  // namespace eic::fakes
