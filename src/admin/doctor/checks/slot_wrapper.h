// Somebody else's program in the slot that names ours: whether it prints what ours prints.
#pragma once

#include <optional>
#include <string>

#include "admin/outside.h"
#include "core/ssh_public_key.h"

namespace eic::admin {

// Its file names one of our programs, which it may run among others.
struct Wrapper {
  std::string names;
  std::string why_not_asked;     // for a key that ours prints; empty: it was
  bool prints_ours = false;      // that key
  std::string why_refused = {};  // sshd does not run it, and neither does doctor; empty: it does

  bool IsProvenForeign() const {
    return !why_refused.empty() || (why_not_asked.empty() && !prints_ours);
  }
};

// `command`, run as `user`, is somebody else's. None where its file names no program of ours. With
// a login whose key is live, both are run, each as its user, and what they print is compared: only
// one that ends well without a key that ours goes on to print is proven foreign. `hash` is sshd's
// FingerprintHash.
std::optional<Wrapper> LookAtWrapper(const Outside& outside, const std::string& command,
                                     const std::string& user, const std::string& login,
                                     FingerprintHash hash);

}  // namespace eic::admin
