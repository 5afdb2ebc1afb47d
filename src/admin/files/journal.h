// The file that records what a run is about to change, for the run after it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "admin/files/tree.h"
#include "admin/layout.h"

namespace eic::admin {

std::string JournalPath(const Layout& layout);

// JSON; contents in hexadecimal, because files hold bytes and JSON holds UTF-8.
std::string FormatJournal(const std::vector<Change>& changes);

// nullopt if the text is not a journal. A journal is written in one step, so a malformed one was
// damaged, not interrupted.
std::optional<std::vector<Change>> ParseJournal(std::string_view text);

}  // namespace eic::admin
