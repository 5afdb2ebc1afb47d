// Who calls: the configured key pairs, and temporary credentials that roles gave. Thread-safe and
// bounded.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "emulator/api/roles.h"
#include "emulator/clock.h"
#include "emulator/http.h"
#include "emulator/sigv4.h"

namespace eic::emulator {

struct KnownCaller {
  Credential credential;
  std::string region;  // for which the request is signed; empty: it is not
};

class Callers {
 public:
  // Without any `configured` one, signatures are not checked and everybody is ExampleCredential().
  // `clock` is that of callers.
  Callers(std::vector<Credential> configured, Clock clock);

  // Whose request it is. `service` is the name that the signature must be scoped to.
  std::variant<KnownCaller, SignatureProblem> CallerOf(const HttpRequest& request,
                                                       std::string_view service) const;

  // New credentials of a session of `role`, which expire after `seconds`, or after what the role
  // says. Nothing when kTemporaryCredentialsMax are live.
  std::optional<Credential> Mint(const Role& role, const std::string& session_name,
                                 std::int64_t seconds);

  Instant Now() const { return clock_(); }

 private:
  std::optional<Credential> FindTemporary(const std::string& session_token) const;
  // Makes room for one more, or says that there is none; with mutex_ held.
  bool MakeRoom();

  const std::vector<Credential> configured_;
  const Clock clock_;
  mutable std::mutex mutex_;
  std::map<std::string, Credential> temporary_;  // by their session tokens
};

}  // namespace eic::emulator
