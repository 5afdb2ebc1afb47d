// Filters of EC2's query API: `Filter.1.Name=tag:Name&Filter.1.Value.1=web-*`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "emulator/api/api_error.h"
#include "emulator/api/form.h"

namespace eic::emulator {

struct Filter {
  std::string name;
  std::vector<std::string> values;  // one of them must match
};

// The filters of a call, all of which must match; FilterLimitExceeded where they have more than
// kFilterValuesMax values together.
std::variant<std::vector<Filter>, ApiError> ParseFilters(const Form& form);

// True when `pattern` matches all of `text`, letters as they are. `*` stands for any characters,
// `?` for one or none, and a backslash takes the meaning from what follows it.
bool MatchesWildcards(std::string_view pattern, std::string_view text);

// What an item has for a filter of that name, perhaps nothing; std::nullopt for a name that is no
// filter of the call.
using FilterValues = std::optional<std::vector<std::string>>;

// Whether one of `values` matches one of the filter's.
bool Passes(const Filter& filter, const std::vector<std::string>& values);

ApiError InvalidFilter(const Filter& filter);

}  // namespace eic::emulator
