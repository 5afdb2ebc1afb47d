// Files of a throw-away authority: small, whole, and private where it matters.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace eic::issuer {

enum class Secrecy { kPublic, kPrivate };  // mode 0644 or 0600, umask or not

// Writes `contents` to `path`, which must not exist.
void WriteNewFile(const std::filesystem::path& path, std::string_view contents, Secrecy secrecy);

// The whole of `path`, which may have at most `bytes_max` bytes.
std::string ReadFile(const std::filesystem::path& path, std::size_t bytes_max = 1024 * 1024);

}  // namespace eic::issuer
