#include "emulator/api/api_routes.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <utility>
#include <variant>

#include "emulator/api/ec2_query.h"
#include "emulator/api/json_answer.h"
#include "emulator/api/permissions.h"
#include "emulator/api/refusals.h"
#include "emulator/limits.h"
#include "emulator/random.h"

namespace eic::emulator {
namespace {

constexpr std::string_view kFormType = "application/x-www-form-urlencoded";
constexpr std::string_view kTarget = "AWSEC2InstanceConnectService.SendSSHPublicKey";
constexpr const char* kPush = "ec2-instance-connect:SendSSHPublicKey";

bool HasType(const HttpRequest& request, std::string_view type) {
  const std::string header = request.Header("content-type").value_or("");
  return std::string_view(header).substr(0, header.find(';')) == type;
}

bool IsStsForm(const HttpRequest& request) {
  const std::optional<Form> form = Form::Parse(request.body);
  return form && StsRoutes::Takes(*form);
}

// In the form of the protocol that `request` has.
HttpAnswer ErrorAnswer(const HttpRequest& request, const ApiError& json, const ApiError& ec2,
                       const ApiError& sts, const std::string& request_id) {
  if (!HasType(request, kFormType)) return JsonErrorAnswer(json, request_id);
  return IsStsForm(request) ? StsErrorAnswer(sts, request_id) : Ec2ErrorAnswer(ec2, request_id);
}

std::optional<ApiError> CheckState(const Instance& instance) {
  switch (instance.state) {
    case Instance::State::kRunning:
      return std::nullopt;
    case Instance::State::kPending:
      return ApiError{"EC2InstanceUnavailableException",
                      "The instance is currently unavailable. Wait a few minutes and try again."};
    case Instance::State::kStopped:
    case Instance::State::kStopping:
    case Instance::State::kShuttingDown:
    case Instance::State::kTerminated:
      return ApiError{"EC2InstanceStateInvalidException",
                      "Unable to connect because the instance is not in a valid state. Connecting "
                      "to a stopped or terminated instance is not supported."};
  }
  return std::nullopt;
}

// The API reports success for a user that the instance does not have; the events say more.
std::string NoteOf(const Instance& instance, const std::string& user) {
  const auto& users = instance.users;
  const bool known = users.empty() || std::find(users.begin(), users.end(), user) != users.end();
  return known ? "" : instance.instance_id + " has no user " + user;
}

// The instance as policies name it.
std::string ResourceOf(const PushRequest& push, const KnownCaller& caller,
                       const EmulatedInstance* target) {
  const bool found = target != nullptr;
  const Instance nowhere;
  const Instance& instance = found ? target->instance() : nowhere;
  const std::string region = caller.region.empty() ? instance.region : caller.region;
  return "arn:aws:ec2:" + region + ":" + instance.account_id + ":instance/" + push.instance_id;
}

}  // namespace

HttpAnswer MalformedAnswer(const HttpRequest& request, int status, const std::string& request_id) {
  const bool too_large = status == 413 || status == 414;
  const std::string name = too_large ? "RequestEntityTooLarge" : "MalformedHttpRequest";
  const std::string message =
      too_large ? "The request is too large" : "The request is not valid HTTP";
  const ApiError form{name, message, status};
  return ErrorAnswer(request, {name + "Exception", message, status}, form, form, request_id);
}

HttpAnswer FailureAnswer(const HttpRequest& request, int status, const std::string& request_id) {
  return ErrorAnswer(request, JsonFailure(status), Ec2Failure(status), StsFailure(status),
                     request_id);
}

std::string ActionOf(const HttpRequest& request) {
  if (HasType(request, kFormType)) {
    const std::optional<Form> form = Form::Parse(request.body);
    return form ? form->Get("Action") : "";
  }
  const std::string target = request.Header("x-amz-target").value_or("");
  return target.substr(target.find('.') + 1);
}

ApiRoutes::ApiRoutes(ApiSettings settings, Clock clock, Clock signature_clock,
                     const InstanceList& instances)
    : settings_(std::move(settings)),
      clock_(std::move(clock)),
      callers_(settings_.credentials, std::move(signature_clock)),
      sts_(callers_, settings_.roles, settings_.web_identity_tokens),
      instances_(instances) {}

HttpAnswer ApiRoutes::Answer(const HttpRequest& request) {
  const std::string request_id = RandomUuid();
  try {
    return Route(request, request_id);
  } catch (const std::exception&) {
    return FailureAnswer(request, 500, request_id);
  }
}

HttpAnswer ApiRoutes::Route(const HttpRequest& request, const std::string& request_id) {
  if (request.path != "/") {
    return JsonErrorAnswer({"UnknownOperationException", "there is nothing here", 404}, request_id);
  }
  if (request.method != "POST") {
    return JsonErrorAnswer({"UnknownOperationException", "an operation is a POST", 405},
                           request_id);
  }
  if (request.body.size() > kApiBodyBytesMax) {
    return JsonErrorAnswer({"RequestEntityTooLargeException", "the request is too large", 413},
                           request_id);
  }
  return HasType(request, kFormType) ? AnswerForm(request, request_id)
                                     : AnswerInstanceConnect(request, request_id);
}

HttpAnswer ApiRoutes::AnswerForm(const HttpRequest& request, const std::string& request_id) {
  const std::optional<Form> form = Form::Parse(request.body);
  if (!form) {
    return Ec2ErrorAnswer({"MalformedQueryString", "The query string contains a syntax error"},
                          request_id);
  }
  return StsRoutes::Takes(*form) ? sts_.Answer(request, *form, request_id)
                                 : AnswerEc2(request, *form, request_id);
}

HttpAnswer ApiRoutes::AnswerEc2(const HttpRequest& request, const Form& form,
                                const std::string& request_id) {
  const auto checked = callers_.CallerOf(request, "ec2");
  if (const auto* problem = std::get_if<SignatureProblem>(&checked)) {
    return Ec2ErrorAnswer(Ec2ErrorOf(*problem), request_id);
  }
  const KnownCaller& caller = std::get<KnownCaller>(checked);
  HttpAnswer answer = AnswerEc2Query(form, {instances_, settings_.images, settings_.page_size},
                                     caller.credential, caller.region, request_id);
  answer.caller = caller.credential.principal;
  return answer;
}

HttpAnswer ApiRoutes::AnswerInstanceConnect(const HttpRequest& request,
                                            const std::string& request_id) {
  if (!HasType(request, kAwsJsonType) || request.Header("x-amz-target") != kTarget) {
    return JsonErrorAnswer(
        {"UnknownOperationException", "the one operation is " + std::string(kTarget) +
                                          " with content type " + std::string(kAwsJsonType)},
        request_id);
  }
  const auto checked = callers_.CallerOf(request, "ec2-instance-connect");
  HttpAnswer answer;
  if (const auto* problem = std::get_if<SignatureProblem>(&checked)) {
    answer = JsonErrorAnswer(JsonErrorOf(*problem), request_id);
  } else {
    const KnownCaller& caller = std::get<KnownCaller>(checked);
    answer = SendSshPublicKey(request, caller, request_id);
    answer.caller = caller.credential.principal;
  }
  return answer;
}

HttpAnswer ApiRoutes::SendSshPublicKey(const HttpRequest& request, const KnownCaller& caller,
                                       const std::string& request_id) {
  const std::variant<PushRequest, ApiError> parsed = ParsePushRequest(request.body);
  if (const auto* error = std::get_if<ApiError>(&parsed)) {
    return JsonErrorAnswer(*error, request_id);
  }
  const PushRequest& push = std::get<PushRequest>(parsed);
  const std::string& principal = caller.credential.principal;
  EmulatedInstance* target = FindInstance(instances_, push.instance_id);
  if (!MayDo(caller.credential, kPush)) {
    return JsonErrorAnswer(JsonDenial(principal, kPush, ResourceOf(push, caller, target)),
                           request_id);
  }
  if (!MayPushTo(caller.credential, push.instance_id)) {
    return JsonErrorAnswer(
        {"AuthException", principal + " may not push keys to " + push.instance_id}, request_id);
  }
  // Each region has an API of its own, which knows its own instances.
  const bool found = target != nullptr &&
                     (caller.region.empty() || target->instance().region == caller.region) &&
                     (push.availability_zone.empty() ||
                      target->instance().availability_zone == push.availability_zone);
  if (!found) {
    return JsonErrorAnswer(
        {"EC2InstanceNotFoundException",
         "there is no instance " + push.instance_id + " in this region and zone"},
        request_id);
  }
  if (auto error = CheckState(target->instance())) return JsonErrorAnswer(*error, request_id);

  issuer::RecordFields fields;
  fields.timestamp = clock_() + settings_.ttl_seconds;
  fields.instance_id = push.instance_id;
  fields.caller = principal;
  fields.request_id = request_id;
  if (!target->keys().Add(push.os_user, target->signer().Sign(fields, push.key_line),
                          fields.timestamp)) {
    return JsonErrorAnswer({"ThrottlingException", "too many keys are live"}, request_id);
  }
  HttpAnswer answer =
      AwsJsonAnswer(200, {{"RequestId", request_id}, {"Success", true}}, request_id);
  answer.note = NoteOf(target->instance(), push.os_user);
  return answer;
}

}  // namespace eic::emulator
