// JSON whose shape nobody vouches for: fields as text, and nothing where they are not.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace eic::aws {

// An object; nothing for anything else, and for what is nested deeper than any answer of AWS's.
std::optional<nlohmann::json> ParseJsonObject(std::string_view text);

// A string's value; empty for a field that is missing or no string.
std::string TextOf(const nlohmann::json& object, const char* name);

}  // namespace eic::aws
