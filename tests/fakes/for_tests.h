// What only one function of the project makes, made by tests that begin behind it.
#pragma once

#include <string_view>
#include <utility>

#include "core/request.h"
#include "core/select.h"
#include "host/confinement.h"

namespace eic {

class ForTests {
 public:
  // As if the process had confined itself.
  static Confined MakeConfined() { return Confined(Confinement{}); }

  // As if the record had been selected.
  static Candidate MakeCandidate(KeyRecord record) { return Candidate(std::move(record)); }
};

// A user name that is known to be one.
inline UserName NamedUser(std::string_view text) { return *ParseUserName(text); }

}  // namespace eic
