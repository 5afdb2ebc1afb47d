// What the metadata service serves for pushed keys, signed by a throw-away authority that is made
// for one test. A test changes `bodies` to break what it wants to see broken.
#pragma once

#include <map>
#include <string>

#include "core/instant.h"
#include "issuer/authority.h"
#include "tests/fakes/raw_server.h"
#include "tests/fakes/scripted_http.h"

namespace eic::fakes {

inline constexpr const char* kInstanceId = "i-0123456789abcdef0";
inline constexpr const char* kToken = "AQAEAtokenOfATest==";
inline constexpr const char* kCaller = "arn:aws:iam::123456789012:user/alice";
inline constexpr const char* kRequestId = "1234abcd-12ab-34cd-56ef-1234567890ab";
inline constexpr const char* kTokenPath = "/latest/api/token";
inline constexpr const char* kMetaDataPath = "/latest/meta-data/";
inline constexpr const char* kActiveKeysPath = "managed-ssh-keys/active-keys/";
inline constexpr const char* kStaplesPath = "managed-ssh-keys/signer-ocsp/";

struct Metadata {
  // Everything but keys, as of `now`.
  explicit Metadata(Instant now);

  // A record of `key_line`, live for `seconds` more (negative: expired).
  std::string Record(const std::string& key_line, std::int64_t seconds = 60) const;

  // Pushes `key_line` for `user`: the blob is that one record.
  void Push(const std::string& user, const std::string& key_line);

  // PEM of the root.
  std::string Anchors() const;

  // Bodies as they are now; what is not among them is 404.
  void ServeOn(ScriptedHttp& http, const std::string& endpoint) const;
  void ServeOn(RawServer& server) const;

  Instant now;
  std::string caller = kCaller;  // of the records to come
  std::string request_id = kRequestId;
  issuer::Authority authority;
  std::map<std::string, std::string> bodies;  // by path below kMetaDataPath
};

// A fresh key, `TYPE BASE64`.
std::string Ed25519KeyLine();

}  // namespace eic::fakes
