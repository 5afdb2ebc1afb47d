// The page of eic-console, as the build has embedded it: its own files and those of xterm.js.
//
// CMakeLists.txt beside this names the files; embed.cmake writes their bytes into a C++ source.
#pragma once

#include <string_view>

namespace eic::console {

// One file. All views are of constants, and live as long as the program.
struct Asset {
  std::string_view name;        // "terminal.mjs": what follows /assets/
  std::string_view type;        // the value of Content-Type
  std::string_view bytes;       // as it is
  std::string_view gzip_bytes;  // the same by gzip (RFC 1952); empty where that is not smaller
  std::string_view hash;        // SHA-256 of `bytes` in hexadecimal, for an ETag
};

// The asset called `name`, or nullptr. Names are compared whole: no path, no query, no decoding.
const Asset* FindAsset(std::string_view name);

}  // namespace eic::console
