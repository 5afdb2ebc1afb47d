// Everything that metadata serves besides the blob, to decide whether a record is genuine. All is
// untrusted: hostile bytes until a Verify function has returned a stronger type.
#pragma once

#include <vector>

#include "core/partition.h"
#include "core/signer_chain.h"
#include "core/staple.h"

namespace eic {

struct Evidence {
  Location location;
  ServedChain chain;
  std::vector<Staple> staples;
};

}  // namespace eic
