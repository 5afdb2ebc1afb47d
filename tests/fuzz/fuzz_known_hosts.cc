// Files of host keys: client/signing/known_hosts. The input is the file.
#include "client/signing/known_hosts.h"
#include "core/base64.h"
#include "tests/fuzz/properties.h"
#include "tests/fuzz/targets.h"

namespace eic::fuzz {

void KnownHosts(std::string_view input) {
  const std::vector<std::string> names{"i-0123456789abcdef0", "[i-0123456789abcdef0]:2222"};
  const client::KnownKeys keys = client::KnownKeysOf(input, names);
  for (const std::vector<std::string>* blobs : {&keys.blobs, &keys.revoked}) {
    for (const std::string& blob : *blobs) {
      Hold(input.find(EncodeBase64(blob)) != std::string_view::npos,
           "a known key stands in the file");
    }
  }
  const std::string twice = std::string(input) + '\n' + std::string(input);
  const client::KnownKeys both = client::KnownKeysOf(twice, names);
  Hold(both.blobs.size() == 2 * keys.blobs.size() && both.revoked.size() == 2 * keys.revoked.size(),
       "a line means the same wherever it stands");
  const client::KnownKeys none = client::KnownKeysOf(input, {});
  Hold(none.blobs.empty() && none.revoked.empty() && !none.has_authority,
       "a host without a name is not known");
}

}  // namespace eic::fuzz
