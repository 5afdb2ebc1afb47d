#include "emulator/metadata/container_routes.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

namespace eic::emulator {
namespace {

constexpr std::string_view kPrefix = "/v2/credentials/";

HttpAnswer JsonAnswer(int status, std::string body) {
  HttpAnswer answer;
  answer.status = status;
  answer.content_type = "application/json";
  answer.body = std::move(body);
  return answer;
}

HttpAnswer Error(int status, const std::string& code, const std::string& message) {
  const nlohmann::ordered_json json = {
      {"code", code}, {"message", message}, {"HTTPErrorCode", status}};
  return JsonAnswer(status, json.dump());
}

}  // namespace

ContainerRoutes::ContainerRoutes(ContainerRole role, RoleCredentials& credentials)
    : role_(std::move(role)), credentials_(credentials) {}

bool ContainerRoutes::Takes(const HttpRequest& request) const {
  return request.path == role_.path ||
         std::string_view(request.path).substr(0, kPrefix.size()) == kPrefix;
}

HttpAnswer ContainerRoutes::Answer(const HttpRequest& request) {
  if (request.method != "GET") return Error(405, "InvalidMethod", "credentials are for a GET");
  if (request.path != role_.path) {
    return Error(400, "InvalidIdInRequest", "there are no credentials of this id");
  }
  if (!role_.authorization.empty() && request.Header("authorization") != role_.authorization) {
    return Error(401, "AccessDenied", "the token in Authorization is missing or wrong");
  }
  const std::optional<RoleCredentials::Current> current = credentials_.Get();
  if (!current) return Error(500, "InternalServerError", "too many credentials are live");
  return JsonAnswer(200, ContainerCredentialsJson(*current));
}

}  // namespace eic::emulator
