// `-o NAME=VALUE` of ssh, scp and sftp.
#pragma once

#include <string>

namespace eic::client {

struct OptionSetting {
  std::string name;  // in lower case
  std::string value;
};

// `Name=Value`, `Name Value`, `Name = Value`, the value in quotes or not, as ssh_config's lines.
OptionSetting ParseOptionSetting(const std::string& text);

}  // namespace eic::client
