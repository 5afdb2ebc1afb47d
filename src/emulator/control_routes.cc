#include "emulator/control_routes.h"

#include <nlohmann/json.hpp>

#include "emulator/limits.h"

namespace eic::emulator {
namespace {

constexpr std::string_view kPrefix = "/emulator/";

}  // namespace

ControlRoutes::ControlRoutes(KeyStore& keys, const EventLog& events)
    : keys_(keys), events_(events) {}

bool ControlRoutes::Takes(const HttpRequest& request) {
  return std::string_view(request.path).substr(0, kPrefix.size()) == kPrefix;
}

HttpAnswer ControlRoutes::Answer(const HttpRequest& request) {
  if (request.path == "/emulator/blob") return AnswerBlob(request);
  if (request.path != "/emulator/events") return StatusAnswer(404);
  return request.method == "GET" ? AnswerEvents() : StatusAnswer(405);
}

HttpAnswer ControlRoutes::AnswerBlob(const HttpRequest& request) {
  const std::optional<std::string> user = QueryValue(request.query, "user");
  if (!user || user->empty()) return StatusAnswer(400);
  HttpAnswer done;
  done.status = 204;
  if (request.method == "POST") {
    return keys_.SetHandMade(*user, request.body) ? done : StatusAnswer(413);
  }
  if (request.method == "DELETE") return keys_.ClearHandMade(*user) ? done : StatusAnswer(404);
  return StatusAnswer(405);
}

HttpAnswer ControlRoutes::AnswerEvents() const {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Event& event : events_.Recent()) {
    list.push_back({{"time", event.time},
                    {"kind", event.kind},
                    {"method", event.method},
                    {"path", event.path},
                    {"status", event.status}});
  }
  HttpAnswer answer;
  answer.content_type = "application/json";
  // A path may hold any bytes; what is not UTF-8 is replaced.
  answer.body = list.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  return answer;
}

}  // namespace eic::emulator
