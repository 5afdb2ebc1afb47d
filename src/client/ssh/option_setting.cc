#include "client/ssh/option_setting.h"

#include <algorithm>
#include <cctype>

namespace eic::client {
namespace {

constexpr const char* kBlanks = " \t\r\n";

}  // namespace

OptionSetting ParseOptionSetting(const std::string& text) {
  OptionSetting setting;
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string::npos) return setting;
  const std::size_t end = std::min(text.find_first_of(" \t\r\n=", begin), text.size());
  setting.name = text.substr(begin, end - begin);
  std::transform(setting.name.begin(), setting.name.end(), setting.name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  std::size_t at = text.find_first_not_of(kBlanks, end);
  if (at == std::string::npos) return setting;
  if (text[at] == '=') at = text.find_first_not_of(kBlanks, at + 1);
  if (at == std::string::npos) return setting;
  setting.value = text.substr(at, text.find_last_not_of(kBlanks) - at + 1);
  if (setting.value.size() >= 2 && setting.value.front() == '"' && setting.value.back() == '"') {
    setting.value = setting.value.substr(1, setting.value.size() - 2);
  }
  return setting;
}

}  // namespace eic::client
