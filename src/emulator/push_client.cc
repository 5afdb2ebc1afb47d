#include "emulator/push_client.h"

#include <httplib.h>

#include <nlohmann/json.hpp>

#include "emulator/emulator_error.h"
#include "emulator/limits.h"

namespace eic::emulator {
namespace {

constexpr std::string_view kScheme = "http://";

// cpp-httplib takes SCHEME://HOST:PORT and nothing after it.
std::string Origin(const std::string& url) {
  if (url.compare(0, kScheme.size(), kScheme) != 0) {
    throw EmulatorError("not an address of an emulator: " + url + " (http://127.0.0.1:1339 is)");
  }
  return url.substr(0, url.find('/', kScheme.size()));
}

std::string CallBody(const PushFields& fields) {
  nlohmann::ordered_json json = {{"InstanceId", fields.instance_id},
                                 {"InstanceOSUser", fields.os_user},
                                 {"SSHPublicKey", fields.public_key}};
  if (!fields.availability_zone.empty()) json["AvailabilityZone"] = fields.availability_zone;
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

ApiError ParseError(int status, const std::string& body) {
  const nlohmann::json json = nlohmann::json::parse(body, nullptr, /*allow_exceptions=*/false);
  const bool understood = json.is_object() && json.contains("__type") && json["__type"].is_string();
  if (!understood) throw EmulatorError("the API answered with status " + std::to_string(status));
  ApiError error{json["__type"].get<std::string>(), "", status};
  if (json.contains("Message") && json["Message"].is_string()) {
    error.message = json["Message"].get<std::string>();
  }
  return error;
}

}  // namespace

std::variant<std::string, ApiError> Push(const std::string& api_url, const PushFields& fields,
                                         const PushSignature& signature) {
  const std::string origin = Origin(api_url);
  httplib::Client client(origin);
  client.set_connection_timeout(kReadSecondsMax);
  client.set_read_timeout(kReadSecondsMax);
  HttpRequest request{"POST", "/", "", {}, CallBody(fields)};
  request.headers["host"] = origin.substr(kScheme.size());
  request.headers["x-amz-target"] = "AWSEC2InstanceConnectService.SendSSHPublicKey";
  SignRequest(request, signature.credential, signature.region, "ec2-instance-connect",
              signature.now);
  const httplib::Headers headers(request.headers.begin(), request.headers.end());
  const httplib::Result result =
      client.Post("/", headers, request.body, "application/x-amz-json-1.1");
  if (!result) {
    throw EmulatorError("cannot reach " + api_url + " (" + httplib::to_string(result.error()) +
                        "): is eic-emulator serve running, and has it said ready?");
  }
  if (result->status != 200) return ParseError(result->status, result->body);
  return result->body;
}

}  // namespace eic::emulator
