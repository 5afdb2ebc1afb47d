// Staples: how one OCSP response is read. doc/design.md step 8; RFC 6960 section 4.2.1.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/openssl_handles.h"
#include "core/result.h"

namespace eic {

// One OCSP response, as it is served. Untrusted.
struct Staple {
  // The digest of the certificate that it is named for, in upper-case hexadecimal: a label.
  std::string name;
  // Its DER, in base64 that may be wrapped; or why it could not be fetched, which matters only if
  // the certificate turns out to be on the verified path.
  Result<std::string> base64;
};

// Decodes `base64`, CR and LF in it left out: an OCSPResponse that uses up its bytes, is successful
// and of the basic type, with at most kSingleResponsesMax single responses. Nothing vouches for it
// yet. Fails with kStapleMalformed, kStapleUnsuccessful.
Result<OcspBasicResponsePtr> ParseStaple(std::string_view base64);

// What one single response says, for people. Untrusted; a time is null if there is none.
struct StapleWord {
  std::string status;  // `good`, `revoked`, `unknown`
  const ASN1_GENERALIZEDTIME* this_update = nullptr;
  const ASN1_GENERALIZEDTIME* next_update = nullptr;
};

// One for each single response; the times are borrowed from `basic`.
std::vector<StapleWord> WordsOf(const OcspBasicResponsePtr& basic);

}  // namespace eic
