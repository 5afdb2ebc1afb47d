// Moments as text, in UTC.
#pragma once

#include <string>

#include "core/instant.h"

namespace eic::emulator {

// Wed, 18 May 2033 03:33:20 GMT (RFC 7231 section 7.1.1.1)
std::string HttpDate(Instant instant);

// 2033-05-18T03:33:20Z
std::string IsoTime(Instant instant);

}  // namespace eic::emulator
