#include "emulator/api/push_request.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "emulator/api/constraints.h"
#include "emulator/api/openssh_key.h"
#include "emulator/limits.h"

namespace eic::emulator {
namespace {

using Json = nlohmann::json;

// As the service's model has them.
constexpr std::string_view kInstanceIdPattern = "^i-[a-f0-9]+$";
constexpr std::string_view kOsUserPattern =
    R"((^[A-Za-z_][A-Za-z0-9\@\._-]{0,30}[A-Za-z0-9\$_-]?$)|)"
    R"((^(?=.{2,32}$)[0-9]{1,32}[A-Za-z\@\._-][A-Za-z0-9\@\._-]*[A-Za-z0-9\$_-]?$))";
constexpr std::string_view kZonePattern = R"(^(\w+-){2,3}\d+\w+$)";

// The fields as they stand in the call, unchecked.
struct Fields {
  std::optional<std::string> instance_id;
  std::optional<std::string> os_user;
  std::optional<std::string> public_key;
  std::optional<std::string> availability_zone;
};

ApiError SerializationError(std::string message) {
  return ApiError{"SerializationException", std::move(message)};
}

ApiError InvalidArgs(std::string message) {
  return ApiError{"InvalidArgsException", std::move(message)};
}

std::variant<Fields, ApiError> ParseFields(std::string_view body) {
  const Json json = Json::parse(body, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) return SerializationError("the request is not JSON");
  if (!json.is_object()) return SerializationError("the request is not a JSON object");

  Fields fields;
  const std::pair<const char*, std::optional<std::string>*> wanted[] = {
      {"InstanceId", &fields.instance_id},
      {"InstanceOSUser", &fields.os_user},
      {"SSHPublicKey", &fields.public_key},
      {"AvailabilityZone", &fields.availability_zone}};
  for (const auto& [name, value] : wanted) {
    const auto member = json.find(name);
    if (member == json.end() || member->is_null()) continue;
    if (!member->is_string()) return SerializationError(std::string(name) + " is not a string");
    *value = member->get<std::string>();
  }
  return fields;
}

bool IsLowerHex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

bool IsAlphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// kInstanceIdPattern
bool IsInstanceId(std::string_view id) {
  return id.size() > 2 && id.substr(0, 2) == "i-" &&
         std::all_of(id.begin() + 2, id.end(), IsLowerHex);
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// [A-Za-z0-9@._-]
bool IsInUserName(char c) {
  return IsAlphanumeric(c) || std::string_view("@._-").find(c) != std::string_view::npos;
}

// kOsUserPattern: names that begin with a letter, and names that begin with digits and go on.
bool IsOsUser(std::string_view user) {
  if (user.empty() || user.size() > kOsUserCharsMax) return false;
  if (!IsAlphanumeric(user.front()) && user.front() != '_') return false;
  if (!std::all_of(user.begin(), user.end() - 1, IsInUserName)) return false;
  const char last = user.back();
  if (IsDigit(user.front())) {
    const auto letter = std::find_if_not(user.begin(), user.end(), IsDigit);
    return letter != user.end() && IsInUserName(*letter) && (IsInUserName(last) || last == '$');
  }
  if (IsAlphanumeric(last) || last == '_' || last == '-' || last == '$') return true;
  // The last character may be of either class, but of the inner one only while {0,30} has room.
  return IsInUserName(last) && user.size() <= kOsUserCharsMax - 1;
}

// kZonePattern: two or three words, then one that begins with a digit and goes on.
bool IsAvailabilityZone(std::string_view zone) {
  const auto is_word = [](std::string_view text) {
    const auto is_part = [](char c) { return IsAlphanumeric(c) || c == '_'; };
    return !text.empty() && std::all_of(text.begin(), text.end(), is_part);
  };
  int words = 0;
  for (std::size_t at = zone.find('-'); at != std::string_view::npos; at = zone.find('-')) {
    if (!is_word(zone.substr(0, at))) return false;
    zone.remove_prefix(at + 1);
    ++words;
  }
  const bool begins_with_digit = !zone.empty() && zone[0] >= '0' && zone[0] <= '9';
  return (words == 2 || words == 3) && begins_with_digit && zone.size() >= 2 && is_word(zone);
}

// One field of the model: its bounds and, where it has one, its pattern.
struct Rule {
  std::string_view member;
  std::size_t chars_min;
  std::size_t chars_max;
  std::string_view pattern = "";
  bool (*is_matched)(std::string_view value) = nullptr;
};

void Check(const std::optional<std::string>& value, const Rule& rule, Constraints& constraints) {
  if (!value) return constraints.Null(rule.member);
  if (rule.is_matched != nullptr) {
    constraints.Pattern(rule.member, *value, rule.is_matched(*value), rule.pattern);
  }
  constraints.Length(rule.member, *value, rule.chars_min, rule.chars_max);
}

std::string Violations(const Fields& fields) {
  Constraints constraints;
  Check(fields.instance_id,
        {"instanceId", kInstanceIdCharsMin, kInstanceIdCharsMax, kInstanceIdPattern, IsInstanceId},
        constraints);
  Check(fields.os_user, {"instanceOSUser", 1, kOsUserCharsMax, kOsUserPattern, IsOsUser},
        constraints);
  Check(fields.public_key, {"sSHPublicKey", kPublicKeyCharsMin, kPublicKeyCharsMax}, constraints);
  if (fields.availability_zone) {
    Check(fields.availability_zone,
          {"availabilityZone", kZoneCharsMin, kZoneCharsMax, kZonePattern, IsAvailabilityZone},
          constraints);
  }
  return constraints.Message();
}

}  // namespace

std::variant<PushRequest, ApiError> ParsePushRequest(std::string_view body) {
  const std::variant<Fields, ApiError> parsed = ParseFields(body);
  if (const auto* error = std::get_if<ApiError>(&parsed)) return *error;
  const Fields& fields = std::get<Fields>(parsed);
  std::string violations = Violations(fields);
  if (!violations.empty()) return InvalidArgs(std::move(violations));
  const auto key = CheckPublicKey(*fields.public_key);
  if (const auto* refused = std::get_if<RefusedKey>(&key)) {
    return InvalidArgs("SSHPublicKey: " + refused->problem);
  }
  return PushRequest{*fields.instance_id, *fields.os_user, std::get<AcceptedKey>(key).line,
                     fields.availability_zone.value_or("")};
}

}  // namespace eic::emulator
