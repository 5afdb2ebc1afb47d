// What ssh binds a connection to: client/signing/session_bind, host_key.
#include "client/signing/host_key.h"
#include "client/signing/session_bind.h"
#include "client/signing/wire.h"
#include "tests/fuzz/properties.h"
#include "tests/fuzz/targets.h"

namespace eic::fuzz {

void SessionBind(std::string_view input) {
  // A host's key by itself, as the first part of any input.
  if (const auto key = client::ParseHostKey(input)) {
    const auto again = client::ParseHostKey(key->blob);
    Hold(again && !again->is_certificate && again->blob == key->blob,
         "the plain key of a key is a plain key");
    Hold(key->is_certificate || key->blob == input, "a plain key is all of it");
  }
  const auto bind = client::ParseSessionBind(input);
  if (!bind) return;
  std::string again;
  client::AppendString(again, bind->host_key);
  client::AppendString(again, bind->session_id);
  client::AppendString(again, bind->signature);
  Hold(again.size() + 1 == input.size() && input.substr(0, again.size()) == again,
       "parsed contents are all of them");
  const auto binding = client::VerifySessionBind(*bind);
  if (!binding) return;
  Hold(binding->session_id() == bind->session_id && binding->host_key() == bind->host_key,
       "what is verified is what was sent");
  const auto key = client::ParseHostKey(bind->host_key);
  Hold(key && IsSignedByHost(*key, bind->signature, bind->session_id),
       "a verified binding is signed by the host");
  Hold(!IsSignedByHost(*key, bind->signature, std::string(bind->session_id) + 'x'),
       "a signature is over one session");
}

}  // namespace eic::fuzz
