#include "emulator/metadata/role_credentials.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "emulator/limits.h"
#include "emulator/time_text.h"

namespace eic::emulator {

RoleCredentials::RoleCredentials(Role role, std::string session_name, MintCredentials mint,
                                 Clock clock)
    : role_(std::move(role)),
      session_name_(std::move(session_name)),
      mint_(std::move(mint)),
      clock_(std::move(clock)) {}

std::optional<RoleCredentials::Current> RoleCredentials::Get() {
  const std::lock_guard<std::mutex> lock(mutex_);
  const Instant now = clock_();
  // now < made_at + (expiry - made_at) / 2
  const bool is_fresh =
      current_ && now - current_->made_at < (current_->credential.expiry - current_->made_at) / 2;
  if (is_fresh) return current_;
  std::optional<Credential> made = mint_(role_, session_name_, kRoleCredentialSeconds);
  if (!made) return std::nullopt;
  current_ = Current{*std::move(made), now};
  return current_;
}

std::string InstanceCredentialsJson(const RoleCredentials::Current& current) {
  const Credential& credential = current.credential;
  const nlohmann::ordered_json json = {
      {"Code", "Success"},
      {"LastUpdated", IsoTime(current.made_at)},
      {"Type", "AWS-HMAC"},
      {"AccessKeyId", credential.access_key_id},
      {"SecretAccessKey", credential.secret_access_key},
      {"Token", credential.session_token},
      {"Expiration", IsoTime(credential.expiry)},
  };
  return json.dump(2);
}

std::string ContainerCredentialsJson(const RoleCredentials::Current& current) {
  const Credential& credential = current.credential;
  const nlohmann::ordered_json json = {
      {"RoleArn", credential.role_arn},
      {"AccessKeyId", credential.access_key_id},
      {"SecretAccessKey", credential.secret_access_key},
      {"Token", credential.session_token},
      {"Expiration", IsoTime(credential.expiry)},
  };
  return json.dump();
}

}  // namespace eic::emulator
