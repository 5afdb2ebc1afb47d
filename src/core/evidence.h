// Everything that metadata serves beside the blob, to decide whether a record is genuine. All of it
// is untrusted: hostile bytes until a Verify function has returned a stronger type.
#pragma once

#include <string>
#include <vector>

#include "core/partition.h"
#include "core/result.h"
#include "core/signer_chain.h"

namespace eic {

// One OCSP response (RFC 6960), as it is served.
struct Staple {
  // Digest of the certificate that it is said to be about, in upper-case hexadecimal: a label.
  std::string name;
  // Its DER, in base64 that may be wrapped; or why it could not be fetched, which matters only if
  // the certificate turns out to lie on the verified path.
  Result<std::string> base64;
};

struct Evidence {
  Location location;
  ServedChain chain;
  std::vector<Staple> staples;
};

}  // namespace eic
