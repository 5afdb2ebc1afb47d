#include "aws/json_text.h"

namespace eic::aws {
namespace {

constexpr int kDepthMax = 32;

}  // namespace

std::optional<nlohmann::json> ParseJsonObject(std::string_view text) {
  bool is_too_deep = false;
  const auto keep = [&is_too_deep](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
    if (depth > kDepthMax) is_too_deep = true;
    return depth <= kDepthMax;
  };
  nlohmann::json json = nlohmann::json::parse(text.begin(), text.end(), keep,
                                              /*allow_exceptions=*/false);
  if (is_too_deep || !json.is_object()) return std::nullopt;
  return json;
}

std::string TextOf(const nlohmann::json& object, const char* name) {
  if (!object.is_object()) return "";
  const auto field = object.find(name);
  if (field == object.end() || !field->is_string()) return "";
  return field->get<std::string>();
}

}  // namespace eic::aws
