#include "admin/doctor/checks/verdict.h"

#include <nlohmann/json.hpp>

#include "core/limits.h"
#include "core/printable.h"
#include "core/reason.h"

namespace eic::admin {

Verdict VerdictOf(const Error& error) {
  return {std::string(Slug(error.reason)), Printable(error.detail, kLoggedValueBytesMax)};
}

void to_json(nlohmann::json& json, const Verdict& verdict) {
  json = {{"reason", verdict.reason}, {"detail", verdict.detail}};
}

void from_json(const nlohmann::json& json, Verdict& verdict) {
  verdict = {json.at("reason").get<std::string>(), json.at("detail").get<std::string>()};
}

}  // namespace eic::admin
