#include "emulator/api/form.h"

#include <algorithm>

#include "emulator/http.h"
#include "emulator/limits.h"

namespace eic::emulator {
namespace {

std::optional<std::string> Decoded(std::string_view text) {
  std::string blanks(text);
  std::replace(blanks.begin(), blanks.end(), '+', ' ');
  return PercentDecode(blanks);
}

}  // namespace

std::optional<Form> Form::Parse(std::string_view body) {
  Form form;
  while (!body.empty()) {
    const std::string_view pair = body.substr(0, body.find('&'));
    body.remove_prefix(std::min(body.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const auto name = Decoded(pair.substr(0, equals));
    const auto value = Decoded(pair.substr(std::min(equals + 1, pair.size())));
    if (!name || !value) return std::nullopt;
    form.values_.emplace(*name, *value);
    if (form.values_.size() > kFormParametersMax) return std::nullopt;
  }
  return form;
}

const std::string* Form::Find(const std::string& name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? nullptr : &found->second;
}

std::string Form::Get(const std::string& name) const {
  const std::string* value = Find(name);
  return value == nullptr ? "" : *value;
}

std::vector<std::string> Form::List(const std::string& prefix) const {
  std::vector<std::string> values;
  while (values.size() < kFormListMax) {
    const std::string* value = Find(prefix + "." + std::to_string(values.size() + 1));
    if (value == nullptr) break;
    values.push_back(*value);
  }
  return values;
}

}  // namespace eic::emulator
