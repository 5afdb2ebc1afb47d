// What `sshd -T` prints, read.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace eic::admin {

// Keyword in lower case -> the values of its lines, in order.
using Settings = std::map<std::string, std::vector<std::string>>;

Settings ParseSettings(std::string_view output);

// The first value of a keyword; empty where it has none.
std::string ValueOf(const Settings& settings, const std::string& keyword);

// The words of all its lines: AllowUsers and its like have one line a word, or several.
std::vector<std::string> WordsOf(const Settings& settings, const std::string& keyword);

// Empty for `none`, sshd's word for no value.
std::string WithoutNone(const std::string& value);

// What stands between the separators; nothing is empty.
std::vector<std::string> SplitWords(std::string_view text, char separator);

}  // namespace eic::admin
