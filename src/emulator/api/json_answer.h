// Answers of AWS's JSON 1.1 protocol.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "emulator/api/api_error.h"
#include "emulator/http.h"

namespace eic::emulator {

inline constexpr const char* kAwsJsonType = "application/x-amz-json-1.1";

inline HttpAnswer AwsJsonAnswer(int status, const nlohmann::ordered_json& json,
                                const std::string& request_id) {
  HttpAnswer answer;
  answer.status = status;
  // A message may repeat what the caller sent; what is not UTF-8 is replaced.
  answer.body = json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  answer.content_type = kAwsJsonType;
  answer.headers.emplace("x-amzn-RequestId", request_id);
  return answer;
}

inline HttpAnswer JsonErrorAnswer(const ApiError& error, const std::string& request_id) {
  return AwsJsonAnswer(error.status, {{"__type", error.name}, {"Message", error.message}},
                       request_id);
}

}  // namespace eic::emulator
