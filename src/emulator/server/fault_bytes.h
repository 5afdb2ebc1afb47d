// What a fault sends. cpp-httplib sends well-formed answers only, so most faults write to the
// connection themselves.
#pragma once

#include "emulator/http.h"
#include "emulator/server/faults.h"

namespace eic::emulator {

// What goes out in place of `genuine`, the answer that the request would have had. No fault lasts
// longer than kFaultSecondsMax or than its peer stays, or sends more than kFaultBytesMax.
HttpAnswer SpoiledAnswer(const Fault& fault, const HttpAnswer& genuine);

}  // namespace eic::emulator
