#include "emulator/api_routes.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "emulator/limits.h"
#include "emulator/random.h"

namespace eic::emulator {
namespace {

constexpr std::string_view kContentType = "application/x-amz-json-1.1";
constexpr std::string_view kTarget = "AWSEC2InstanceConnectService.SendSSHPublicKey";

HttpAnswer JsonAnswer(int status, const nlohmann::ordered_json& json,
                      const std::string& request_id) {
  HttpAnswer answer;
  answer.status = status;
  answer.body = json.dump();
  answer.content_type = kContentType;
  answer.headers.emplace("x-amzn-RequestId", request_id);
  return answer;
}

bool IsJsonCall(const HttpRequest& request) {
  const std::string type = request.Header("content-type").value_or("");
  return std::string_view(type).substr(0, type.find(';')) == kContentType;
}

}  // namespace

HttpAnswer ErrorAnswer(const ApiError& error, const std::string& request_id) {
  return JsonAnswer(error.status, {{"__type", error.name}, {"Message", error.message}}, request_id);
}

ApiRoutes::ApiRoutes(Instance instance, std::int64_t ttl_seconds, Clock clock, KeyStore& keys,
                     const RecordSigner& signer)
    : instance_(std::move(instance)),
      ttl_seconds_(ttl_seconds),
      clock_(std::move(clock)),
      keys_(keys),
      signer_(signer) {}

HttpAnswer ApiRoutes::Answer(const HttpRequest& request) {
  const std::string request_id = RandomUuid();
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
  if (!IsJsonCall(request) || request.Header("x-amz-target") != kTarget) {
    return ErrorAnswer(
        {"UnknownOperationException", "the one operation is " + std::string(kTarget) +
                                          " with content type " + std::string(kContentType)},
        request_id);
  }
  return SendSshPublicKey(request, request_id);
}

HttpAnswer ApiRoutes::SendSshPublicKey(const HttpRequest& request, const std::string& request_id) {
  const std::variant<PushRequest, ApiError> parsed = ParsePushRequest(request.body);
  if (const auto* error = std::get_if<ApiError>(&parsed)) return ErrorAnswer(*error, request_id);
  const PushRequest& push = std::get<PushRequest>(parsed);
  if (push.instance_id != instance_.instance_id) {
    return ErrorAnswer({"EC2InstanceNotFoundException", "there is no instance " + push.instance_id},
                       request_id);
  }

  issuer::RecordFields fields;
  fields.timestamp = clock_() + ttl_seconds_;
  fields.instance_id = instance_.instance_id;
  fields.caller = "arn:aws:iam::" + instance_.account_id + ":user/emulator";
  fields.request_id = request_id;
  if (!keys_.Add(push.os_user, signer_.Sign(fields, push.key_line), fields.timestamp)) {
    return ErrorAnswer({"ThrottlingException", "too many keys are live"}, request_id);
  }
  return JsonAnswer(200, {{"RequestId", request_id}, {"Success", true}}, request_id);
}

}  // namespace eic::emulator
