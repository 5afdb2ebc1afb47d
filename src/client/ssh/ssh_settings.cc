#include "client/ssh/ssh_settings.h"

#include <algorithm>
#include <sstream>

namespace eic::client {

SshSettings SshSettings::Parse(const std::string& output) {
  SshSettings settings;
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t blank = std::min(line.find(' '), line.size());
    const std::string value = blank < line.size() ? line.substr(blank + 1) : "";
    settings.values_.emplace(line.substr(0, blank), value);
  }
  return settings;
}

std::string SshSettings::Get(const std::string& name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? "" : found->second;
}

bool SshSettings::Has(const std::string& name) const {
  const std::string value = Get(name);
  return !value.empty() && value != "none";
}

}  // namespace eic::client
