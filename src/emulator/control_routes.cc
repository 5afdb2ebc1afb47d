#include "emulator/control_routes.h"

#include <nlohmann/json.hpp>

#include "emulator/emulator_error.h"
#include "emulator/limits.h"

namespace eic::emulator {
namespace {

constexpr std::string_view kPrefix = "/emulator/";

HttpAnswer JsonAnswer(const nlohmann::ordered_json& json) {
  HttpAnswer answer;
  answer.content_type = "application/json";
  // A path may hold any bytes; what is not UTF-8 is replaced.
  answer.body = json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  return answer;
}

HttpAnswer Done() {
  HttpAnswer answer;
  answer.status = 204;
  return answer;
}

}  // namespace

ControlRoutes::ControlRoutes(const InstanceList& instances, FaultPlan& faults,
                             const EventLog& events)
    : instances_(instances), faults_(faults), events_(events) {}

bool ControlRoutes::Takes(const HttpRequest& request) {
  return std::string_view(request.path).substr(0, kPrefix.size()) == kPrefix;
}

HttpAnswer ControlRoutes::Answer(const HttpRequest& request) {
  if (request.path == "/emulator/blob") return AnswerBlob(request);
  if (request.path == "/emulator/rotate") return AnswerRotate(request);
  if (request.path == "/emulator/faults") return AnswerFaults(request);
  if (request.path != "/emulator/events") return StatusAnswer(404);
  return request.method == "GET" ? AnswerEvents() : StatusAnswer(405);
}

EmulatedInstance* ControlRoutes::InstanceOf(const HttpRequest& request) const {
  const std::optional<std::string> id = QueryValue(request.query, "instance");
  return id ? FindInstance(instances_, *id) : instances_.front().get();
}

HttpAnswer ControlRoutes::AnswerRotate(const HttpRequest& request) {
  if (request.method != "POST") return StatusAnswer(405);
  EmulatedInstance* instance = InstanceOf(request);
  if (instance == nullptr) return StatusAnswer(404);
  instance->signer().Rotate();
  return Done();
}

HttpAnswer ControlRoutes::AnswerBlob(const HttpRequest& request) {
  EmulatedInstance* instance = InstanceOf(request);
  if (instance == nullptr) return StatusAnswer(404);
  KeyStore& keys = instance->keys();
  const std::optional<std::string> user = QueryValue(request.query, "user");
  if (!user || user->empty()) return StatusAnswer(400);
  if (request.method == "POST") {
    return keys.SetHandMade(*user, request.body) ? Done() : StatusAnswer(413);
  }
  if (request.method == "DELETE") return keys.ClearHandMade(*user) ? Done() : StatusAnswer(404);
  return StatusAnswer(405);
}

HttpAnswer ControlRoutes::AnswerEvents() const {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Event& event : events_.Recent()) {
    list.push_back({{"time", event.time.unix_seconds()},
                    {"kind", event.kind},
                    {"instance", event.instance_id},
                    {"method", event.method},
                    {"path", event.path},
                    {"status", event.status},
                    {"fault", event.fault},
                    {"action", event.action},
                    {"caller", event.caller},
                    {"note", event.note}});
  }
  return JsonAnswer(list);
}

HttpAnswer ControlRoutes::AnswerFaults(const HttpRequest& request) {
  if (request.method == "GET") return JsonAnswer(faults_.Texts());
  if (request.method == "DELETE") {
    faults_.Clear();
    return Done();
  }
  if (request.method != "POST") return StatusAnswer(405);
  const std::optional<std::string> text = QueryValue(request.query, "fault");
  if (!text) return StatusAnswer(400);
  try {
    return faults_.Add(ParseFault(*text)) ? Done() : StatusAnswer(413);
  } catch (const EmulatorError& error) {
    HttpAnswer answer = StatusAnswer(400);
    answer.body = std::string(error.what()) + "\n";
    return answer;
  }
}

}  // namespace eic::emulator
