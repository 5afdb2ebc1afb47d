// The call that replaces the source of random bytes is deprecated since OpenSSL 3.0, which has no
// other way to do it without a provider. It still honours it.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "tests/testkit/fixed_random.h"

#include <openssl/rand.h>

#include "issuer/issuer_error.h"

namespace eic::testkit {
namespace {

int FillWithPattern(unsigned char* bytes, int count) {
  for (int i = 0; i < count; ++i) bytes[i] = static_cast<unsigned char>(0x51 + i * 7);
  return 1;
}

int Ready() { return 1; }

}  // namespace

void FixRandomness() {
  static const RAND_METHOD kMethod = {nullptr, FillWithPattern, nullptr,
                                      nullptr, FillWithPattern, Ready};
  issuer::RequireOne(RAND_set_rand_method(&kMethod), "cannot fix the random bytes");
}

}  // namespace eic::testkit
