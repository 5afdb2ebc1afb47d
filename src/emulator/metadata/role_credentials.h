// The temporary credentials of a role that a place hands out, an instance's metadata or a
// container's agent: made when they are first asked for, and again when half of their life is over.
// Thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "emulator/api/roles.h"
#include "emulator/clock.h"
#include "emulator/sigv4.h"

namespace eic::emulator {

// Makes credentials of a session of `role`; nothing when there are too many.
using MintCredentials = std::function<std::optional<Credential>(
    const Role& role, const std::string& session_name, std::int64_t seconds)>;

class RoleCredentials {
 public:
  // `clock` is that by which credentials expire.
  RoleCredentials(Role role, std::string session_name, MintCredentials mint, Clock clock);

  const Role& role() const { return role_; }

  struct Current {
    Credential credential;
    Instant made_at = {};
  };
  std::optional<Current> Get();

 private:
  const Role role_;
  const std::string session_name_;
  const MintCredentials mint_;
  const Clock clock_;
  std::mutex mutex_;
  std::optional<Current> current_;
};

// What the metadata service gives as iam/security-credentials/NAME.
std::string InstanceCredentialsJson(const RoleCredentials::Current& current);

// What a container's agent gives.
std::string ContainerCredentialsJson(const RoleCredentials::Current& current);

}  // namespace eic::emulator
