#include "emulator/api/filters.h"

#include <algorithm>

#include "emulator/limits.h"

namespace eic::emulator {
namespace {

struct Step {
  enum class Kind { kCharacter, kOneOrNone, kAny };
  Kind kind;
  char character = 0;
};

std::vector<Step> StepsOf(std::string_view pattern) {
  std::vector<Step> steps;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '*') {
      steps.push_back({Step::Kind::kAny});
    } else if (pattern[i] == '?') {
      steps.push_back({Step::Kind::kOneOrNone});
    } else {
      // A backslash at the end stands for itself.
      if (pattern[i] == '\\' && i + 1 < pattern.size()) ++i;
      steps.push_back({Step::Kind::kCharacter, pattern[i]});
    }
  }
  return steps;
}

}  // namespace

std::variant<std::vector<Filter>, ApiError> ParseFilters(const Form& form) {
  std::vector<Filter> filters;
  std::size_t count = 0;
  while (filters.size() < kFormListMax) {
    const std::string prefix = "Filter." + std::to_string(filters.size() + 1);
    const std::string* name = form.Find(prefix + ".Name");
    if (name == nullptr) break;
    filters.push_back({*name, form.List(prefix + ".Value")});
    count += filters.back().values.size();
  }
  if (count > kFilterValuesMax) {
    return ApiError{"FilterLimitExceeded",
                    "The maximum number of filter values specified on a single call is " +
                        std::to_string(kFilterValuesMax)};
  }
  return filters;
}

// Where in `text` the steps so far can have ended, step by step: as many operations as pattern and
// text have characters, multiplied, whatever the pattern.
bool MatchesWildcards(std::string_view pattern, std::string_view text) {
  std::vector<bool> reached(text.size() + 1, false);
  reached[0] = true;
  for (const Step& step : StepsOf(pattern)) {
    std::vector<bool> next(text.size() + 1, false);
    for (std::size_t at = 0; at <= text.size(); ++at) {
      switch (step.kind) {
        case Step::Kind::kCharacter:
          next[at] = at > 0 && reached[at - 1] && text[at - 1] == step.character;
          break;
        case Step::Kind::kOneOrNone:
          next[at] = reached[at] || (at > 0 && reached[at - 1]);
          break;
        case Step::Kind::kAny:
          next[at] = reached[at] || (at > 0 && next[at - 1]);
          break;
      }
    }
    reached = std::move(next);
  }
  return reached[text.size()];
}

bool Passes(const Filter& filter, const std::vector<std::string>& values) {
  return std::any_of(values.begin(), values.end(), [&](const std::string& value) {
    return std::any_of(filter.values.begin(), filter.values.end(), [&](const std::string& pattern) {
      return MatchesWildcards(pattern, value);
    });
  });
}

ApiError InvalidFilter(const Filter& filter) {
  return {"InvalidParameterValue", "The filter '" + filter.name + "' is invalid"};
}

}  // namespace eic::emulator
