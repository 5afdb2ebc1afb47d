// A vector: one case of the decision in one file, with what is to come of it.
//
//   file    := header LF blob             // the blob is every byte that follows, LF or not
//   header  := (key ':' (' ' value)? LF)+
//   value   := any bytes but LF           // taken as they are
//
// Keys, each once unless said otherwise; all but the last two must be there:
//
//   comment      what the case is, in one sentence
//   expect       one line for each key or rejection, in order, keys first:
//                `accept SHA256:...` of a key that is printed; a slug of core/reason.cc for what is
//                rejected; or one line `none`: nothing printed and nothing rejected
//   user         the OS user
//   now          the time of the decision, Unix seconds
//   instance     the id of this instance
//   region       what metadata serves at placement/region
//   domain       what metadata serves at services/domain
//   evidence     a folder below evidence/: signer-cert, signer-ocsp.list, signer-ocsp/NAME
//   anchors      a file below anchors/, without `.pem`: the host's CA store
//   fingerprint  of the key that the client offers (sshd's %f)
//   key-type     of that key (sshd's %t)
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/instant.h"

namespace eic::testkit {

struct Vector {
  std::string comment;
  std::vector<std::string> expect;
  std::string user;
  Instant now;
  std::string instance;
  std::string region;
  std::string domain;
  std::string evidence;
  std::string anchors;
  std::optional<std::string> fingerprint;
  std::optional<std::string> key_type;
  std::string blob;
};

// Throws IssuerError, naming what is wrong: an unknown key, a repeated one, a missing one, a line
// that is no header, a number that is none.
Vector ParseVector(std::string_view file);
std::string FormatVector(const Vector& vector);

// The stems of the vectors in `folder`, sorted.
std::vector<std::string> VectorNames(const std::filesystem::path& folder);
Vector LoadVector(const std::filesystem::path& folder, std::string_view name);

}  // namespace eic::testkit
