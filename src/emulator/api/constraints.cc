#include "emulator/api/constraints.h"

namespace eic::emulator {
namespace {

std::string Quoted(std::string_view value) { return "'" + std::string(value) + "'"; }

}  // namespace

void Constraints::Null(std::string_view member) { Add(member, "null", "Member must not be null"); }

void Constraints::Pattern(std::string_view member, std::string_view value, bool is_matched,
                          std::string_view pattern) {
  if (is_matched) return;
  Add(member, Quoted(value),
      "Member must satisfy regular expression pattern: " + std::string(pattern));
}

void Constraints::Length(std::string_view member, std::string_view value, std::size_t size_min,
                         std::size_t size_max) {
  if (value.size() < size_min) {
    Add(member, Quoted(value),
        "Member must have length greater than or equal to " + std::to_string(size_min));
  } else if (size_max != 0 && value.size() > size_max) {
    Add(member, Quoted(value),
        "Member must have length less than or equal to " + std::to_string(size_max));
  }
}

void Constraints::Range(std::string_view member, std::int64_t value, std::int64_t value_min,
                        std::int64_t value_max) {
  const std::string text = Quoted(std::to_string(value));
  if (value < value_min) {
    Add(member, text,
        "Member must have value greater than or equal to " + std::to_string(value_min));
  } else if (value > value_max) {
    Add(member, text, "Member must have value less than or equal to " + std::to_string(value_max));
  }
}

std::string Constraints::Message() const {
  if (violations_.empty()) return "";
  std::string message = std::to_string(violations_.size()) + " validation error" +
                        (violations_.size() == 1 ? "" : "s") + " detected: ";
  for (std::size_t i = 0; i < violations_.size(); ++i) {
    message.append(i == 0 ? "" : "; ").append(violations_[i]);
  }
  return message;
}

void Constraints::Add(std::string_view member, const std::string& value,
                      const std::string& constraint) {
  violations_.push_back("Value " + value + " at '" + std::string(member) +
                        "' failed to satisfy constraint: " + constraint);
}

}  // namespace eic::emulator
