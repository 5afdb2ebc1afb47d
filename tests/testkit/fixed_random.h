// Randomness that is none, so that what the generator signs comes out the same each time.
#pragma once

namespace eic::testkit {

// From here on OpenSSL's random bytes are the same ones at every call, for the whole process: the
// salt of a signature does not depend on what was signed before. Not for making keys.
void FixRandomness();

}  // namespace eic::testkit
