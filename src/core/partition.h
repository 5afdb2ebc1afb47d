// AWS partitions: which domain belongs to which regions. doc/design.md step 7.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace eic {

// What the metadata service says of where it is; untrusted.
struct Location {
  std::string region;  // `us-west-2`
  std::string domain;  // `amazonaws.com`
};

// The common name that the signer of `location` carries: `managed-ssh-signer.REGION.DOMAIN`. Region
// and domain are agreed with the table of partitions, so that metadata does not choose what to
// expect. Fails with kRegionMalformed, kDomainMalformed, kDomainMismatch (the table has another
// domain for the region) or kDomainUnknown (neither region nor domain stands in the table).
Result<std::string> ExpectedSignerName(const Location& location);

}  // namespace eic
