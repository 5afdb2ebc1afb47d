// The API of EC2 Instance Connect: SendSSHPublicKey over JSON 1.1.
//
// Any Authorization header is taken; signatures of requests are not checked.
#pragma once

#include <cstdint>
#include <string>

#include "emulator/clock.h"
#include "emulator/http.h"
#include "emulator/instance.h"
#include "emulator/key_store.h"
#include "emulator/push_request.h"
#include "emulator/record_signer.h"

namespace eic::emulator {

class ApiRoutes {
 public:
  // Borrows `keys` and `signer` for its own lifetime.
  ApiRoutes(Instance instance, std::int64_t ttl_seconds, Clock clock, KeyStore& keys,
            const RecordSigner& signer);

  HttpAnswer Answer(const HttpRequest& request);

 private:
  HttpAnswer SendSshPublicKey(const HttpRequest& request, const std::string& request_id);

  const Instance instance_;
  const std::int64_t ttl_seconds_;
  const Clock clock_;
  KeyStore& keys_;
  const RecordSigner& signer_;
};

// The wire form of `error`.
HttpAnswer ErrorAnswer(const ApiError& error, const std::string& request_id);

}  // namespace eic::emulator
