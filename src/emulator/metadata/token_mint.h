// Session tokens of IMDSv2.
//
// A token carries its own expiry and a MAC over it, so that the emulator keeps no list of tokens
// and no client can make it grow:
//
//   token := base64(expiry (8 bytes) || nonce (8) || HMAC-SHA-256 of both, its first 24 bytes)
#pragma once

#include <string>
#include <string_view>

#include "emulator/clock.h"

namespace eic::emulator {

class TokenMint {
 public:
  explicit TokenMint(Clock clock);

  // Live while now < the present + `ttl_seconds`.
  std::string Issue(std::int64_t ttl_seconds) const;
  bool IsLive(std::string_view token) const;

 private:
  std::string Mac(std::string_view bytes) const;

  Clock clock_;
  std::string secret_;
};

}  // namespace eic::emulator
