// Reading and replacing small files.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace eic::client {

// All of a file; nothing, with errno, where it cannot be read or is larger (EFBIG).
std::optional<std::string> ReadFile(const std::string& path, std::size_t bytes_max);

// Puts a file of mode 0600 in the place of `path`, so that a reader sees the old or the new one.
// False, with errno, where that failed.
bool ReplaceFile(const std::string& path, std::string_view contents);

}  // namespace eic::client
