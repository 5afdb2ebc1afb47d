// What `ssh -G` prints: the settings that count for one command line.
#pragma once

#include <map>
#include <string>

namespace eic::client {

class SshSettings {
 public:
  // One `name value` a line; of several lines of a name the first.
  static SshSettings Parse(const std::string& output);

  // Empty where ssh did not say. `name` in lower case.
  std::string Get(const std::string& name) const;

  // Set, and not `none`.
  bool Has(const std::string& name) const;

 private:
  std::map<std::string, std::string> values_;
};

}  // namespace eic::client
