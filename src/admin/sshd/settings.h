// Reads what `sshd -T` prints.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace eic::admin {

// Keyword in lower case -> the values of its lines, in order.
using Settings = std::map<std::string, std::vector<std::string>>;

Settings ParseSettings(std::string_view output);

// The first value of a keyword; empty if it has none.
std::string ValueOf(const Settings& settings, const std::string& keyword);

// The words of all its lines: AllowUsers and similar keywords have one line per word, or several
// words in a line.
std::vector<std::string> WordsOf(const Settings& settings, const std::string& keyword);

// Empty for `none` in any case, sshd's word for no value.
std::string WithoutNone(const std::string& value);

// The parts between the separators; none is empty.
std::vector<std::string> SplitWords(std::string_view text, char separator);

}  // namespace eic::admin
