// The API: SendSSHPublicKey of EC2 Instance Connect over JSON 1.1, DescribeInstances and
// DescribeImages of EC2's query API, and STS, at one address. Which of them is meant the content
// type says, and for forms their version.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/api/api_error.h"
#include "emulator/api/callers.h"
#include "emulator/api/form.h"
#include "emulator/api/push_request.h"
#include "emulator/api/roles.h"
#include "emulator/api/sts_routes.h"
#include "emulator/clock.h"
#include "emulator/emulated_instance.h"
#include "emulator/http.h"
#include "emulator/image.h"
#include "emulator/sigv4.h"

namespace eic::emulator {

struct ApiSettings {
  std::int64_t ttl_seconds = 60;  // of a pushed key
  // Whose signatures are good. Nothing at all: signatures are not checked.
  std::vector<Credential> credentials = {};
  std::vector<Role> roles = {};
  std::vector<WebIdentityToken> web_identity_tokens = {};
  std::vector<Image> images = {DefaultImage()};
  std::size_t page_size = 0;  // of DescribeInstances, where the call wants more; 0: all
};

class ApiRoutes {
 public:
  // Borrows `instances` for its own lifetime. `clock` is that of records, `signature_clock` that of
  // callers.
  ApiRoutes(ApiSettings settings, Clock clock, Clock signature_clock,
            const InstanceList& instances);

  HttpAnswer Answer(const HttpRequest& request);

  Callers& callers() { return callers_; }

 private:
  HttpAnswer Route(const HttpRequest& request, const std::string& request_id);
  HttpAnswer AnswerForm(const HttpRequest& request, const std::string& request_id);
  HttpAnswer AnswerEc2(const HttpRequest& request, const Form& form, const std::string& request_id);
  HttpAnswer AnswerInstanceConnect(const HttpRequest& request, const std::string& request_id);
  HttpAnswer SendSshPublicKey(const HttpRequest& request, const KnownCaller& caller,
                              const std::string& request_id);

  const ApiSettings settings_;
  const Clock clock_;
  Callers callers_;
  StsRoutes sts_;
  const InstanceList& instances_;
};

// What the API says to a request that is malformed or too large to be read, by its HTTP status.
HttpAnswer MalformedAnswer(const HttpRequest& request, int status, const std::string& request_id);

// What the API says when it fails with `status` by itself, in the words of the protocol that
// `request` has: ThrottlingException, RequestLimitExceeded, ServiceException and so on.
HttpAnswer FailureAnswer(const HttpRequest& request, int status, const std::string& request_id);

// The operation that `request` asks for, `DescribeInstances`, whether there is such a one or not;
// empty where it names none.
std::string ActionOf(const HttpRequest& request);

}  // namespace eic::emulator
