// Which digests may vouch for something today.
#pragma once

#include <openssl/objects.h>

namespace eic {

inline bool IsSha2(int digest_nid) {
  return digest_nid == NID_sha256 || digest_nid == NID_sha384 || digest_nid == NID_sha512;
}

}  // namespace eic
