// Who may answer for an issuer, and who did. doc/design.md step 8; RFC 6960 section 4.2.2.2.
#pragma once

#include "core/instant.h"
#include "core/openssl_handles.h"
#include "core/result.h"

namespace eic {

// One certificate of a verified path, with its issuer on that path. Borrowed.
struct Subject {
  X509* certificate;
  X509* issuer;
};

// Good if `basic` is signed, over a strong digest, by the subject's issuer or by a responder
// that this issuer certified. Each one that the ResponderID names is tried by itself: several may
// have the same name, such as a responder's old and new certificate. Otherwise the error:
//   kStapleWeakSignature, kStapleResponderUnauthorized, kStapleSignatureInvalid
Result<Nothing> CheckAuthentic(OCSP_BASICRESP* basic, const Subject& subject, Instant now);

}  // namespace eic
