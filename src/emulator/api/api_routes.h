// The API: SendSSHPublicKey of EC2 Instance Connect over JSON 1.1, and DescribeInstances of EC2's
// query API, at one address. Which of them is meant the content type says.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "emulator/api/push_request.h"
#include "emulator/clock.h"
#include "emulator/emulated_instance.h"
#include "emulator/http.h"
#include "emulator/sigv4.h"

namespace eic::emulator {

struct ApiSettings {
  std::int64_t ttl_seconds = 60;  // of a pushed key
  // Whose signatures are good. Nothing at all: signatures are not checked.
  std::vector<Credential> credentials;
};

class ApiRoutes {
 public:
  // Borrows `instances` for its own lifetime. `clock` is that of records, `signature_clock` that of
  // callers.
  ApiRoutes(ApiSettings settings, Clock clock, Clock signature_clock,
            const InstanceList& instances);

  HttpAnswer Answer(const HttpRequest& request);

 private:
  HttpAnswer AnswerEc2(const HttpRequest& request, const std::string& request_id);
  HttpAnswer AnswerInstanceConnect(const HttpRequest& request, const std::string& request_id);
  HttpAnswer SendSshPublicKey(const HttpRequest& request, const Caller& caller,
                              const std::string& request_id);
  std::variant<Caller, SignatureProblem> CallerOf(const HttpRequest& request,
                                                  std::string_view service) const;

  const ApiSettings settings_;
  const Clock clock_;
  const Clock signature_clock_;
  const Credential anybody_;  // the caller when signatures are not checked
  const InstanceList& instances_;
};

// The wire form of `error`.
HttpAnswer ErrorAnswer(const ApiError& error, const std::string& request_id);

// What the API says to a request that is malformed or too large to be read, by its HTTP status.
HttpAnswer MalformedAnswer(const HttpRequest& request, int status, const std::string& request_id);

// What the API says when it fails with `status` by itself: ThrottlingException, ServiceException.
ApiError FailureOf(int status);

}  // namespace eic::emulator
