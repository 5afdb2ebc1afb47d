// The form of AWS's config and credentials files, read as Python's RawConfigParser and botocore
// read them. Bytes to sections; what the sections mean is profiles.h.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "aws/failure.h"

namespace eic::aws {

struct IniValue {
  std::string text = {};
  std::map<std::string, std::string> nested = {};  // of a value whose first line is empty
};

struct IniSection {
  std::string name;
  std::map<std::string, IniValue> values;  // names in lower case; those of [DEFAULT] too
};

// Fails with `BadConfiguration`, naming the line; `name` stands for the file in messages.
Outcome<std::vector<IniSection>> ParseIni(std::string_view text, const std::string& name);

}  // namespace eic::aws
