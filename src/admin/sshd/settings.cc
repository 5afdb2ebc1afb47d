#include "admin/sshd/settings.h"

#include <strings.h>

#include <algorithm>

#include "admin/sshd/sshd_config.h"

namespace eic::admin {

Settings ParseSettings(std::string_view output) {
  Settings settings;
  for (const std::string_view text : SplitLines(output)) {
    // Not as a line of a file: a value may begin with `=`.
    const std::size_t blank = std::min(text.size(), text.find(' '));
    const std::size_t value = std::min(text.size(), blank + 1);
    settings[std::string(text.substr(0, blank))].emplace_back(text.substr(value));
  }
  return settings;
}

std::string ValueOf(const Settings& settings, const std::string& keyword) {
  const auto found = settings.find(keyword);
  return found == settings.end() || found->second.empty() ? "" : found->second.front();
}

std::vector<std::string> WordsOf(const Settings& settings, const std::string& keyword) {
  std::vector<std::string> words;
  const auto found = settings.find(keyword);
  if (found == settings.end()) return words;
  for (const std::string& line : found->second) {
    for (std::string& word : SplitWords(line, ' ')) words.push_back(std::move(word));
  }
  return words;
}

std::string WithoutNone(const std::string& value) {
  return strcasecmp(value.c_str(), "none") == 0 ? "" : value;
}

std::vector<std::string> SplitWords(std::string_view text, char separator) {
  std::vector<std::string> words;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.size(), text.find(separator, at));
    if (end > at) words.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

}  // namespace eic::admin
