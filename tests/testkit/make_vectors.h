// From cases to the files of tests/vectors.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "tests/testkit/key_ring.h"

namespace eic::testkit {

// Every generated file: its path below tests/vectors, and its bytes. The same bytes each time, if
// FixRandomness was called; only what an elliptic curve signs, and how RSASSA-PSS is named in a
// staple, may differ between versions of OpenSSL (IsStable).
std::map<std::string, std::string> MakeVectors(KeyRing& keys);

// False for a file that holds an elliptic curve's signature, or a staple over RSASSA-PSS.
bool IsStable(std::string_view path);

// The folders below tests/vectors that hold nothing but generated files, and the extension of those
// that lie beside them.
inline constexpr const char* kGeneratedFolders[] = {"evidence", "anchors"};

}  // namespace eic::testkit
