#include "emulator/configuration/members.h"

#include <utility>

#include "emulator/limits.h"

namespace eic::emulator {

Members::Members(const nlohmann::json& object, std::string where)
    : object_(&object), where_(std::move(where)) {
  if (!object.is_object()) {
    throw EmulatorError((where_.empty() ? "top" : where_) + ": is not an object");
  }
}

const nlohmann::json* Members::Find(const std::string& name) {
  taken_.insert(name);
  const auto found = object_->find(name);
  return found == object_->end() ? nullptr : &*found;
}

void Members::Text(const std::string& name, std::string& value) {
  const nlohmann::json* member = Find(name);
  if (member == nullptr) return;
  if (!member->is_string()) Refuse(name, "is not a string");
  value = member->get<std::string>();
}

void Members::Flag(const std::string& name, bool& value) {
  const nlohmann::json* member = Find(name);
  if (member == nullptr) return;
  if (!member->is_boolean()) Refuse(name, "is not true or false");
  value = member->get<bool>();
}

void Members::Number(const std::string& name, std::int64_t& value, std::int64_t value_min,
                     std::int64_t value_max) {
  const nlohmann::json* member = Find(name);
  if (member == nullptr) return;
  // Compared as the JSON value it is: a number of 64 bits without a sign may not fit.
  if (!member->is_number_integer() || *member < value_min || *member > value_max) {
    Refuse(name, "is not " + std::to_string(value_min) + " to " + std::to_string(value_max));
  }
  value = member->get<std::int64_t>();
}

void Members::RequiredText(const std::string& name, std::string& value) {
  Text(name, value);
  if (Find(name) == nullptr) Refuse(name, "is missing");
  if (value.empty()) Refuse(name, "is empty");
}

std::optional<std::vector<std::string>> Members::OptionalTexts(const std::string& name) {
  const nlohmann::json* member = Find(name);
  if (member == nullptr) return std::nullopt;
  if (!member->is_array() || member->size() > kConfiguredListMax) {
    Refuse(name, "is not an array of at most " + std::to_string(kConfiguredListMax) + " strings");
  }
  std::vector<std::string> values;
  for (const nlohmann::json& value : *member) {
    if (!value.is_string()) Refuse(name, "is not an array of strings");
    values.push_back(value.get<std::string>());
  }
  return values;
}

std::vector<std::string> Members::Texts(const std::string& name) {
  return OptionalTexts(name).value_or(std::vector<std::string>());
}

std::map<std::string, std::string> Members::TextMap(const std::string& name) {
  std::map<std::string, std::string> values;
  const nlohmann::json* member = Find(name);
  if (member == nullptr) return values;
  if (!member->is_object()) Refuse(name, "is not an object");
  for (const auto& [key, value] : member->items()) {
    if (!value.is_string()) Refuse(std::string(name).append(".").append(key), "is not a string");
    values.emplace(key, value.get<std::string>());
  }
  return values;
}

std::vector<Members> Members::Objects(const std::string& name, std::size_t count_max) {
  std::vector<Members> objects;
  const nlohmann::json* member = Find(name);
  if (member == nullptr) return objects;
  if (!member->is_array() || member->empty() || member->size() > count_max) {
    Refuse(name, "is not an array of 1 to " + std::to_string(count_max));
  }
  for (const nlohmann::json& element : *member) {
    objects.emplace_back(element, PathOf(name) + "[" + std::to_string(objects.size()) + "]");
  }
  return objects;
}

void Members::NothingElse() const {
  for (const auto& [name, value] : object_->items()) {
    if (taken_.count(name) == 0) Refuse(name, "is not known here");
  }
}

void Members::Refuse(const std::string& name, const std::string& why) const {
  throw EmulatorError(PathOf(name) + ": " + why);
}

std::string Members::PathOf(const std::string& name) const {
  return where_.empty() ? name : where_ + "." + name;
}

bool HasOnly(const std::string& text, const char* characters) {
  return !text.empty() && text.find_first_not_of(characters) == std::string::npos;
}

}  // namespace eic::emulator
