// The form body of AWS's query protocols: `Action=DescribeInstances&Filter.1.Name=...`.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace eic::emulator {

class Form {
 public:
  // application/x-www-form-urlencoded: a '+' is a blank. Nothing when a '%' is not followed by two
  // hexadecimal digits, or there are more than kFormParametersMax parameters. Of two parameters of
  // one name the first counts.
  static std::optional<Form> Parse(std::string_view body);

  // Null when there is none.
  const std::string* Find(const std::string& name) const;
  // Empty when there is none.
  std::string Get(const std::string& name) const;
  // PREFIX.1, PREFIX.2 and so on, until one is missing; kFormListMax at most.
  std::vector<std::string> List(const std::string& prefix) const;

 private:
  std::map<std::string, std::string> values_;
};

}  // namespace eic::emulator
