// Which keys a known_hosts file has for a host (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT).
//
//   line   := (marker blank+)? hosts blank+ type blank+ base64 (blank+ comment)?
//   marker := "@revoked" | "@cert-authority"
//   hosts  := "|1|" base64(salt) "|" base64(HMAC-SHA1 of the name) | pattern ("," pattern)*
//   pattern := "!"? name with `*` and `?`
//
// Lines that are none of this say nothing, as with ssh. A certificate's authority says nothing of a
// plain key.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aws/failure.h"

namespace eic::client {

struct KnownKeys {
  std::vector<std::string> blobs;    // of the host
  std::vector<std::string> revoked;  // for the host
  bool has_authority = false;        // certificates may stand for it
};

// What `text` says of a host that goes by any of `names`. A name of another port than 22 is
// `[NAME]:PORT`. Upper and lower case are the same in a name, as for ssh.
KnownKeys KnownKeysOf(std::string_view text, const std::vector<std::string>& names);

// The same of a file. One that is not there says nothing. Fails with `KnownHosts` where it cannot
// be read, or is larger than kKnownHostsBytesMax.
aws::Outcome<KnownKeys> ReadKnownKeys(const std::string& path,
                                      const std::vector<std::string>& names);

}  // namespace eic::client
