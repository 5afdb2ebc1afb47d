#include "emulator/api/push_request.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "emulator/api/openssh_key.h"
#include "emulator/limits.h"

namespace eic::emulator {
namespace {

using Json = nlohmann::json;

// The fields as they stand in the call, unchecked.
struct Fields {
  std::string instance_id;
  std::string os_user;
  std::string public_key;
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
  std::string zone;
  const std::pair<const char*, std::string*> wanted[] = {{"InstanceId", &fields.instance_id},
                                                         {"InstanceOSUser", &fields.os_user},
                                                         {"SSHPublicKey", &fields.public_key},
                                                         {"AvailabilityZone", &zone}};
  for (const auto& [name, value] : wanted) {
    const auto member = json.find(name);
    const bool optional = value == &zone;
    if (member == json.end() || member->is_null()) {
      if (optional) continue;
      return InvalidArgs(std::string(name) + " is missing");
    }
    if (!member->is_string()) return SerializationError(std::string(name) + " is not a string");
    *value = member->get<std::string>();
    if (optional) fields.availability_zone = zone;
  }
  return fields;
}

bool IsLowerHex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

bool IsAlphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// ^i-[a-f0-9]+$
bool IsInstanceId(std::string_view id) {
  if (id.size() < kInstanceIdCharsMin || id.size() > kInstanceIdCharsMax) return false;
  return id.substr(0, 2) == "i-" && std::all_of(id.begin() + 2, id.end(), IsLowerHex);
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// [A-Za-z0-9@._-]
bool IsInUserName(char c) {
  return IsAlphanumeric(c) || std::string_view("@._-").find(c) != std::string_view::npos;
}

// ^[A-Za-z_][A-Za-z0-9@._-]{0,30}[A-Za-z0-9$_-]?$ and, of the newer model, names that begin with
// digits and go on: ^(?=.{2,32}$)[0-9]{1,32}[A-Za-z@._-][A-Za-z0-9@._-]*[A-Za-z0-9$_-]?$
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

// ^(\w+-){2,3}\d+\w+$: two or three words, then one that begins with a digit and goes on.
bool IsAvailabilityZone(std::string_view zone) {
  if (zone.size() < kZoneCharsMin || zone.size() > kZoneCharsMax) return false;
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

}  // namespace

std::variant<PushRequest, ApiError> ParsePushRequest(std::string_view body) {
  const std::variant<Fields, ApiError> parsed = ParseFields(body);
  if (const auto* error = std::get_if<ApiError>(&parsed)) return *error;
  const Fields& fields = std::get<Fields>(parsed);

  if (!IsInstanceId(fields.instance_id)) return InvalidArgs("InstanceId is not an instance id");
  if (!IsOsUser(fields.os_user)) return InvalidArgs("InstanceOSUser is not a user name");
  if (fields.public_key.size() < kPublicKeyCharsMin ||
      fields.public_key.size() > kPublicKeyCharsMax) {
    return InvalidArgs("SSHPublicKey has not 80 to 4096 characters");
  }
  if (fields.availability_zone && !IsAvailabilityZone(*fields.availability_zone)) {
    return InvalidArgs("AvailabilityZone is not an availability zone");
  }
  const auto key = CheckPublicKey(fields.public_key);
  if (const auto* refused = std::get_if<RefusedKey>(&key)) {
    return InvalidArgs("SSHPublicKey: " + refused->problem);
  }
  return PushRequest{fields.instance_id, fields.os_user, std::get<AcceptedKey>(key).line,
                     fields.availability_zone.value_or("")};
}

}  // namespace eic::emulator
