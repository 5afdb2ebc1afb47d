// Roles that callers can assume, and tokens of web identities that stand for a caller.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace eic::emulator {

struct Role {
  std::string arn;
  std::string external_id = {};  // empty: none is asked for
  std::string mfa_serial = {};   // empty: no MFA is asked for
  std::string mfa_code = {};
  // Who may assume it: ARNs of users, roles or sessions, accounts by their digits or their root's
  // ARN, or `*`. Nothing: every known caller.
  std::optional<std::vector<std::string>> trusts = std::nullopt;
  // What its sessions may do, and to which instances they may push; nothing: all.
  std::optional<std::vector<std::string>> actions = std::nullopt;
  std::optional<std::vector<std::string>> instances = std::nullopt;
  std::int64_t max_session_seconds = 3600;
  std::int64_t credential_seconds = 0;  // what its credentials live, whatever is asked; 0: as asked
};

struct WebIdentityToken {
  std::string token;
  std::string subject = "emulator";
  // The ARNs of the roles that it may assume; nothing: all.
  std::optional<std::vector<std::string>> roles = std::nullopt;
  bool is_expired = false;
};

// Null when there is none of that ARN.
inline const Role* FindRole(const std::vector<Role>& roles, const std::string& arn) {
  for (const Role& role : roles) {
    if (role.arn == arn) return &role;
  }
  return nullptr;
}

}  // namespace eic::emulator
