#include "emulator/api/api_routes.h"

#include <algorithm>
#include <exception>
#include <nlohmann/json.hpp>
#include <utility>

#include "emulator/api/describe_instances.h"
#include "emulator/limits.h"
#include "emulator/random.h"

namespace eic::emulator {
namespace {

constexpr std::string_view kJsonType = "application/x-amz-json-1.1";
constexpr std::string_view kFormType = "application/x-www-form-urlencoded";
constexpr std::string_view kTarget = "AWSEC2InstanceConnectService.SendSSHPublicKey";

HttpAnswer JsonAnswer(int status, const nlohmann::ordered_json& json,
                      const std::string& request_id) {
  HttpAnswer answer;
  answer.status = status;
  // A message may repeat what the caller sent; what is not UTF-8 is replaced.
  answer.body = json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  answer.content_type = kJsonType;
  answer.headers.emplace("x-amzn-RequestId", request_id);
  return answer;
}

bool HasType(const HttpRequest& request, std::string_view type) {
  const std::string header = request.Header("content-type").value_or("");
  return std::string_view(header).substr(0, header.find(';')) == type;
}

// As the JSON protocols name it.
ApiError ErrorOf(const SignatureProblem& problem) {
  using Kind = SignatureProblem::Kind;
  switch (problem.kind) {
    case Kind::kMissing:
      return {"MissingAuthenticationTokenException", problem.message};
    case Kind::kIncomplete:
      return {"IncompleteSignatureException", problem.message};
    case Kind::kUnknownKey:
      return {"UnrecognizedClientException", problem.message};
    case Kind::kExpired:
    case Kind::kMismatch:
      return {"InvalidSignatureException", problem.message};
  }
  return FailureOf(500);
}

// As EC2 names it, which says less.
HttpAnswer Ec2AnswerTo(const SignatureProblem& problem, const std::string& request_id) {
  using Kind = SignatureProblem::Kind;
  switch (problem.kind) {
    case Kind::kMissing:
      return Ec2ErrorAnswer(403, "MissingAuthenticationToken",
                            "The request must contain either a valid (registered) AWS access key "
                            "ID or X.509 certificate.",
                            request_id);
    case Kind::kIncomplete:
      return Ec2ErrorAnswer(400, "IncompleteSignature", problem.message, request_id);
    case Kind::kExpired:
      return Ec2ErrorAnswer(400, "RequestExpired", "Request has expired.", request_id);
    case Kind::kUnknownKey:
    case Kind::kMismatch:
      break;
  }
  return Ec2ErrorAnswer(401, "AuthFailure",
                        "AWS was not able to validate the provided access credentials", request_id);
}

std::optional<ApiError> CheckState(const Instance& instance) {
  switch (instance.state) {
    case Instance::State::kRunning:
      return std::nullopt;
    case Instance::State::kPending:
      return ApiError{"EC2InstanceUnavailableException",
                      "The instance is currently unavailable. Wait a few minutes and try again."};
    case Instance::State::kStopped:
      return ApiError{"EC2InstanceStateInvalidException",
                      "Unable to connect because the instance is not in a valid state. Connecting "
                      "to a stopped or terminated instance is not supported."};
  }
  return std::nullopt;
}

bool MayPushTo(const Credential& credential, const std::string& instance_id) {
  if (!credential.instances) return true;
  const auto& allowed = *credential.instances;
  return std::find(allowed.begin(), allowed.end(), instance_id) != allowed.end();
}

// The API reports success for a user that the instance does not have; the events say more.
std::string NoteOf(const Instance& instance, const std::string& user) {
  const auto& users = instance.users;
  const bool known = users.empty() || std::find(users.begin(), users.end(), user) != users.end();
  return known ? "" : instance.instance_id + " has no user " + user;
}

}  // namespace

HttpAnswer ErrorAnswer(const ApiError& error, const std::string& request_id) {
  return JsonAnswer(error.status, {{"__type", error.name}, {"Message", error.message}}, request_id);
}

HttpAnswer MalformedAnswer(const HttpRequest& request, int status, const std::string& request_id) {
  const bool too_large = status == 413 || status == 414;
  const std::string name = too_large ? "RequestEntityTooLarge" : "MalformedHttpRequest";
  const std::string message =
      too_large ? "The request is too large" : "The request is not HTTP as it is understood here";
  if (HasType(request, kFormType)) return Ec2ErrorAnswer(status, name, message, request_id);
  return ErrorAnswer({name + "Exception", message, status}, request_id);
}

ApiError FailureOf(int status) {
  if (status == 429 || status == 503) return {"ThrottlingException", "Rate exceeded"};
  if (status == 401 || status == 403) return {"AuthException", "Access to the instance is denied"};
  return {"ServiceException", "The service failed; this is not the caller's fault", 500};
}

ApiRoutes::ApiRoutes(ApiSettings settings, Clock clock, Clock signature_clock,
                     const InstanceList& instances)
    : settings_(std::move(settings)),
      clock_(std::move(clock)),
      signature_clock_(std::move(signature_clock)),
      anybody_(ExampleCredential()),
      instances_(instances) {}

HttpAnswer ApiRoutes::Answer(const HttpRequest& request) {
  const std::string request_id = RandomUuid();
  try {
    if (request.path == "/" && request.method == "POST" && HasType(request, kFormType) &&
        request.body.size() <= kApiBodyBytesMax) {
      return AnswerEc2(request, request_id);
    }
    return AnswerInstanceConnect(request, request_id);
  } catch (const std::exception&) {
    return ErrorAnswer(FailureOf(500), request_id);
  }
}

HttpAnswer ApiRoutes::AnswerEc2(const HttpRequest& request, const std::string& request_id) {
  const auto checked = CallerOf(request, "ec2");
  if (const auto* problem = std::get_if<SignatureProblem>(&checked)) {
    return Ec2AnswerTo(*problem, request_id);
  }
  return AnswerEc2Query(request.body, instances_, std::get<Caller>(checked).region, request_id);
}

HttpAnswer ApiRoutes::AnswerInstanceConnect(const HttpRequest& request,
                                            const std::string& request_id) {
  if (request.path != "/") {
    return ErrorAnswer({"UnknownOperationException", "there is nothing here", 404}, request_id);
  }
  if (request.method != "POST") {
    return ErrorAnswer({"UnknownOperationException", "an operation is a POST", 405}, request_id);
  }
  if (request.body.size() > kApiBodyBytesMax) {
    return ErrorAnswer({"RequestEntityTooLargeException", "the request is too large", 413},
                       request_id);
  }
  if (!HasType(request, kJsonType) || request.Header("x-amz-target") != kTarget) {
    return ErrorAnswer(
        {"UnknownOperationException", "the one operation is " + std::string(kTarget) +
                                          " with content type " + std::string(kJsonType)},
        request_id);
  }
  const auto checked = CallerOf(request, "ec2-instance-connect");
  if (const auto* problem = std::get_if<SignatureProblem>(&checked)) {
    return ErrorAnswer(ErrorOf(*problem), request_id);
  }
  return SendSshPublicKey(request, std::get<Caller>(checked), request_id);
}

std::variant<Caller, SignatureProblem> ApiRoutes::CallerOf(const HttpRequest& request,
                                                           std::string_view service) const {
  if (settings_.credentials.empty()) return Caller{&anybody_, ""};
  return CheckSignature(request, settings_.credentials, service, signature_clock_());
}

HttpAnswer ApiRoutes::SendSshPublicKey(const HttpRequest& request, const Caller& caller,
                                       const std::string& request_id) {
  const std::variant<PushRequest, ApiError> parsed = ParsePushRequest(request.body);
  if (const auto* error = std::get_if<ApiError>(&parsed)) return ErrorAnswer(*error, request_id);
  const PushRequest& push = std::get<PushRequest>(parsed);
  if (!MayPushTo(*caller.credential, push.instance_id)) {
    return ErrorAnswer({"AuthException",
                        caller.credential->principal + " may not push keys to " + push.instance_id},
                       request_id);
  }
  EmulatedInstance* target = FindInstance(instances_, push.instance_id);
  // Each region has an API of its own, which knows its own instances.
  const bool found = target != nullptr &&
                     (caller.region.empty() || target->instance().region == caller.region) &&
                     (push.availability_zone.empty() ||
                      target->instance().availability_zone == push.availability_zone);
  if (!found) {
    return ErrorAnswer({"EC2InstanceNotFoundException",
                        "there is no instance " + push.instance_id + " in this region and zone"},
                       request_id);
  }
  if (auto error = CheckState(target->instance())) return ErrorAnswer(*error, request_id);

  issuer::RecordFields fields;
  fields.timestamp = clock_() + settings_.ttl_seconds;
  fields.instance_id = push.instance_id;
  fields.caller = caller.credential->principal;
  fields.request_id = request_id;
  if (!target->keys().Add(push.os_user, target->signer().Sign(fields, push.key_line),
                          fields.timestamp)) {
    return ErrorAnswer({"ThrottlingException", "too many keys are live"}, request_id);
  }
  HttpAnswer answer = JsonAnswer(200, {{"RequestId", request_id}, {"Success", true}}, request_id);
  answer.note = NoteOf(target->instance(), push.os_user);
  return answer;
}

}  // namespace eic::emulator
