#include "emulator/api/describe_instances.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <variant>
#include <vector>

#include "core/base64.h"
#include "core/instance_id.h"
#include "emulator/api/instance_xml.h"
#include "emulator/api/xml.h"
#include "emulator/limits.h"

namespace eic::emulator {
namespace {

constexpr std::string_view kTokenPrefix = "instances ";

// What is asked for.
struct Query {
  std::vector<std::string> ids;
  std::vector<Filter> filters;
  std::size_t first = 0;  // among the instances of the region
  std::size_t count = std::numeric_limits<std::size_t>::max();
};

// All of `text` as a number.
template <typename Number>
std::optional<Number> ParseNumber(std::string_view text) {
  Number number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return number;
}

// A token is the base64 of the position where the next page begins: nothing that a client could
// not make, and nothing that it could gain by that.
std::string TokenOf(std::size_t position) {
  return EncodeBase64(std::string(kTokenPrefix) + std::to_string(position));
}

std::optional<std::size_t> PositionOf(const std::string& token) {
  const std::optional<std::string> text = DecodeBase64(token);
  if (!text || text->compare(0, kTokenPrefix.size(), kTokenPrefix) != 0) return std::nullopt;
  return ParseNumber<std::size_t>(std::string_view(*text).substr(kTokenPrefix.size()));
}

// In `query`, or what is wrong with it.
std::optional<ApiError> TakePaging(const Form& form, std::size_t page_size, Query& query) {
  if (const std::string* token = form.Find("NextToken"); token != nullptr) {
    const std::optional<std::size_t> position = PositionOf(*token);
    if (!position) {
      return ApiError{"InvalidParameterValue", "Value ( " + *token +
                                                   " ) for parameter NextToken is invalid. The "
                                                   "token is invalid."};
    }
    query.first = *position;
  }
  const std::string* text = form.Find("MaxResults");
  if (text != nullptr) {
    const auto count = ParseNumber<std::int64_t>(*text);
    if (!count) {
      return ApiError{"InvalidParameterValue",
                      "Invalid value '" + *text + "' for MaxResults. It must be an integer."};
    }
    if (*count < kMaxResultsMin) {
      return ApiError{"InvalidParameterValue",
                      "Value ( " + *text + " ) for parameter maxResults is invalid. Expecting a " +
                          "value greater than " + std::to_string(kMaxResultsMin) + "."};
    }
    if (!query.ids.empty()) {
      return ApiError{"InvalidParameterCombination",
                      "The parameter instancesSet cannot be used with the parameter maxResults"};
    }
    query.count = static_cast<std::size_t>(std::min(*count, kMaxResultsMax));
  }
  if (page_size != 0 && query.ids.empty()) query.count = std::min(query.count, page_size);
  return std::nullopt;
}

std::optional<ApiError> CheckIds(const std::vector<std::string>& ids) {
  for (const std::string& id : ids) {
    if (!IsInstanceId(id)) {
      return ApiError{"InvalidInstanceID.Malformed", "Invalid id: \"" + id + "\""};
    }
  }
  return std::nullopt;
}

std::variant<Query, ApiError> ParseQuery(const Form& form, std::size_t page_size) {
  Query query;
  query.ids = form.List("InstanceId");
  if (auto error = CheckIds(query.ids)) return *error;
  std::variant<std::vector<Filter>, ApiError> filters = ParseFilters(form);
  if (const auto* error = std::get_if<ApiError>(&filters)) return *error;
  query.filters = std::get<std::vector<Filter>>(std::move(filters));
  for (const Filter& filter : query.filters) {
    if (!InstanceFilterValues(Instance(), filter.name)) return InvalidFilter(filter);
  }
  if (auto error = TakePaging(form, page_size, query)) return *error;
  return query;
}

bool PassesAll(const Instance& instance, const std::vector<Filter>& filters) {
  return std::all_of(filters.begin(), filters.end(), [&](const Filter& filter) {
    return Passes(filter,
                  InstanceFilterValues(instance, filter.name).value_or(std::vector<std::string>()));
  });
}

// Those of the region, or those of them that are asked for by their ids.
std::vector<const Instance*> Candidates(const InstanceList& instances, std::string_view region,
                                        const std::vector<std::string>& ids) {
  std::vector<const Instance*> candidates;
  for (const auto& owned : instances) {
    const Instance& instance = owned->instance();
    if (!region.empty() && instance.region != region) continue;
    const bool is_wanted =
        ids.empty() || std::find(ids.begin(), ids.end(), instance.instance_id) != ids.end();
    if (is_wanted) candidates.push_back(&instance);
  }
  return candidates;
}

std::vector<std::string> UnknownIds(const std::vector<std::string>& ids,
                                    const std::vector<const Instance*>& found) {
  std::vector<std::string> unknown;
  for (const std::string& id : ids) {
    const bool is_known = std::any_of(found.begin(), found.end(), [&](const Instance* instance) {
      return instance->instance_id == id;
    });
    if (!is_known) unknown.push_back(id);
  }
  return unknown;
}

}  // namespace

HttpAnswer DescribeInstances(const Form& form, const Ec2World& world, std::string_view region,
                             const std::string& request_id) {
  const std::variant<Query, ApiError> parsed = ParseQuery(form, world.page_size);
  if (const auto* error = std::get_if<ApiError>(&parsed)) return Ec2ErrorAnswer(*error, request_id);
  const Query& query = std::get<Query>(parsed);
  const std::vector<const Instance*> found = Candidates(world.instances, region, query.ids);
  const std::vector<std::string> unknown = UnknownIds(query.ids, found);
  if (!unknown.empty()) {
    return Ec2ErrorAnswer(
        {"InvalidInstanceID.NotFound", DoesNotExist("instance ID", unknown, "'", "'")}, request_id);
  }
  const std::size_t begin = std::min(query.first, found.size());
  const std::size_t end = begin + std::min(query.count, found.size() - begin);
  std::string items;
  for (std::size_t i = begin; i < end; ++i) {
    if (PassesAll(*found[i], query.filters)) items += ReservationItem(*found[i]);
  }
  const std::string token = end < found.size() ? Element("nextToken", TokenOf(end)) : "";
  return Ec2Answer("DescribeInstancesResponse", Nested("reservationSet", items) + token,
                   request_id);
}

}  // namespace eic::emulator
