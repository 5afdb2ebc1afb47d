// A reason of the agent (core/reason.h), as doctor tells it.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/result.h"

namespace eic::admin {

// Its slug, and the detail; fine where empty.
struct Verdict {
  std::string reason;
  std::string detail;

  bool IsFine() const { return reason.empty(); }
  std::string Text() const { return detail.empty() ? reason : reason + ": " + detail; }
};

// The detail is made safe for log and terminal, and cut.
Verdict VerdictOf(const Error& error);

template <typename T>
Verdict VerdictOf(const Result<T>& result) {
  return result ? Verdict{} : VerdictOf(result.error());
}

void to_json(nlohmann::json& json, const Verdict& verdict);
void from_json(const nlohmann::json& json, Verdict& verdict);

}  // namespace eic::admin
