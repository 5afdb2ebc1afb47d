// What the tests of the issuer and the emulator share.
#pragma once

#include <memory>
#include <string>

#include "core/instant.h"
#include "emulator/clock.h"
#include "emulator/emulated_instance.h"
#include "issuer/authority.h"
#include "issuer/keys.h"

namespace eic::emulator {

inline constexpr Instant kNow{2000000000};  // 2033-05-18T03:33:20Z

inline issuer::Authority MakeTestAuthority() {
  issuer::AuthoritySpec spec;
  spec.now = kNow;
  // Made at once, where RSA takes a while.
  spec.issuer_key_type = issuer::IssuerKeyType::kEcP256;
  return issuer::MakeAuthority(spec);
}

// One for each test program.
inline const issuer::Authority& TestAuthority() {
  static const issuer::Authority kAuthority = MakeTestAuthority();
  return kAuthority;
}

inline std::string Ed25519KeyLine() {
  return issuer::SshPublicKeyLine(issuer::GenerateEd25519Key().get(), "alice@laptop");
}

// One instance, as `instance` describes it.
inline InstanceList MakeTestInstances(const Clock& clock, const Instance& instance = {}) {
  InstanceList instances;
  instances.push_back(std::make_unique<EmulatedInstance>(instance, MakeTestAuthority(), clock));
  return instances;
}

// A clock that stands until it is moved.
class ManualClock {
 public:
  Clock clock() const {
    return [now = now_] { return *now; };
  }
  Instant now() const { return *now_; }
  void Advance(std::int64_t seconds) { *now_ = *now_ + seconds; }

 private:
  std::shared_ptr<Instant> now_ = std::make_shared<Instant>(kNow);
};

}  // namespace eic::emulator
