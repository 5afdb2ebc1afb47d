// The file that tells the next run what this one is about to change.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "admin/files/tree.h"
#include "admin/layout.h"

namespace eic::admin {

std::string JournalPath(const Layout& layout);

// JSON; contents in hexadecimal, since files hold bytes and JSON holds UTF-8.
std::string FormatJournal(const std::vector<Change>& changes);

// nullopt where it is not one. It is written in one step, so that is damage, not interruption.
std::optional<std::vector<Change>> ParseJournal(std::string_view text);

}  // namespace eic::admin
