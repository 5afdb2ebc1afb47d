// The emulator's one door to the time, so that a test can hold it.
#pragma once

#include <functional>

#include "core/instant.h"

namespace eic::emulator {

using Clock = std::function<Instant()>;

}  // namespace eic::emulator
