// What AWS's front ends say of fields that break a service's model, all of them in one sentence.
//
//   2 validation errors detected: Value 'i-x' at 'instanceId' failed to satisfy constraint: Member
//   must satisfy regular expression pattern: ^i-[a-f0-9]+$; Value 'i-x' at 'instanceId' failed to
//   satisfy constraint: Member must have length greater than or equal to 10
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace eic::emulator {

class Constraints {
 public:
  // A member of the model, `instanceId`, that is not there.
  void Null(std::string_view member);

  // Each adds its words unless what it is called for holds. `size_max` 0: no limit.
  void Pattern(std::string_view member, std::string_view value, bool is_matched,
               std::string_view pattern);
  void Length(std::string_view member, std::string_view value, std::size_t size_min,
              std::size_t size_max);
  void Range(std::string_view member, std::int64_t value, std::int64_t value_min,
             std::int64_t value_max);

  // All of them, or nothing when every constraint held.
  std::string Message() const;

 private:
  void Add(std::string_view member, const std::string& value, const std::string& constraint);

  std::vector<std::string> violations_;
};

}  // namespace eic::emulator
