// Reading what `sshd -T` prints.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "admin/sshd.h"

namespace eic::admin {

// The first value of a keyword; empty where it has none.
std::string ValueOf(const Settings& settings, const std::string& keyword);

// The words of all its lines: AllowUsers and its like have one line a word, or several.
std::vector<std::string> WordsOf(const Settings& settings, const std::string& keyword);

// What stands between the separators; nothing is empty.
std::vector<std::string> SplitWords(std::string_view text, char separator);

}  // namespace eic::admin
