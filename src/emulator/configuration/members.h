// One JSON object of the configuration, whose members are taken one by one; what is left is not
// known. Everything that is wrong becomes an EmulatorError that says where: `instances[0].region:
// is not a string`.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "emulator/emulator_error.h"

namespace eic::emulator {

class Members {
 public:
  // Borrows `object`. `where` is empty at the top.
  Members(const nlohmann::json& object, std::string where);

  // The member, or null where there is none.
  const nlohmann::json* Find(const std::string& name);

  // Each leaves `value` alone where there is no such member.
  void Text(const std::string& name, std::string& value);
  void Flag(const std::string& name, bool& value);
  void Number(const std::string& name, std::int64_t& value, std::int64_t value_min,
              std::int64_t value_max);

  // One that must be there and not empty.
  void RequiredText(const std::string& name, std::string& value);

  // A text that `is_good`, unless it is left out; what is not is not `what`.
  template <typename Predicate>
  void CheckedText(const std::string& name, std::string& value, const char* what,
                   Predicate is_good) {
    Text(name, value);
    if (Find(name) != nullptr && !is_good(value)) Refuse(name, std::string("is not ") + what);
  }

  // An array of strings; empty, or nothing, where there is none.
  std::vector<std::string> Texts(const std::string& name);
  std::optional<std::vector<std::string>> OptionalTexts(const std::string& name);

  // An object whose members are strings.
  std::map<std::string, std::string> TextMap(const std::string& name);

  // The elements of an array of 1 to `count_max` objects, each with its place; empty where
  // there is none.
  std::vector<Members> Objects(const std::string& name, std::size_t count_max);

  // Called when all that is known has been taken.
  void NothingElse() const;

  [[noreturn]] void Refuse(const std::string& name, const std::string& why) const;

  // What `read` finds wrong is wrong with the member `name`.
  template <typename Read>
  void In(const std::string& name, Read read) const {
    try {
      read();
    } catch (const EmulatorError& error) {
      Refuse(name, error.what());
    }
  }

 private:
  std::string PathOf(const std::string& name) const;

  const nlohmann::json* object_;
  std::string where_;
  std::set<std::string> taken_;
};

// True when `text` is not empty and has these characters alone.
bool HasOnly(const std::string& text, const char* characters);

}  // namespace eic::emulator
