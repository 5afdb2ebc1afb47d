#include "emulator/api/callers.h"

#include <algorithm>
#include <utility>

#include "core/base64.h"
#include "emulator/api/arn.h"
#include "emulator/limits.h"
#include "emulator/random.h"

namespace eic::emulator {
namespace {

constexpr std::size_t kAccessKeyDigits = 16;
constexpr std::size_t kSecretBytes = 30;         // 40 characters
constexpr std::size_t kSessionTokenBytes = 264;  // 352 characters

std::string RandomAccessKeyId() {
  std::string id = "ASIA";
  for (const char byte : RandomBytes(kAccessKeyDigits)) {
    id.push_back("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[static_cast<unsigned char>(byte) % 32]);
  }
  return id;
}

}  // namespace

Callers::Callers(std::vector<Credential> configured, Clock clock)
    : configured_(std::move(configured)), clock_(std::move(clock)) {}

std::variant<KnownCaller, SignatureProblem> Callers::CallerOf(const HttpRequest& request,
                                                              std::string_view service) const {
  if (configured_.empty()) return KnownCaller{ExampleCredential(), ""};
  std::vector<Credential> known = configured_;
  const std::optional<std::string> token = request.Header("x-amz-security-token");
  if (token) {
    if (auto temporary = FindTemporary(*token)) known.push_back(*std::move(temporary));
  }
  const Instant now = clock_();
  const auto checked = CheckSignature(request, known, service, now);
  if (const auto* problem = std::get_if<SignatureProblem>(&checked)) return *problem;
  const Caller& caller = std::get<Caller>(checked);
  // Live while now < expiry.
  if (caller.credential->expiry != Instant() && now >= caller.credential->expiry) {
    return SignatureProblem{SignatureProblem::Kind::kTokenExpired,
                            "The security token included in the request is expired"};
  }
  return KnownCaller{*caller.credential, caller.region};
}

std::optional<Credential> Callers::Mint(const Role& role, const std::string& session_name,
                                        std::int64_t seconds) {
  Credential credential;
  credential.access_key_id = RandomAccessKeyId();
  credential.secret_access_key = EncodeBase64(RandomBytes(kSecretBytes));
  credential.session_token = EncodeBase64(RandomBytes(kSessionTokenBytes));
  credential.principal = AssumedRoleArn(role.arn, session_name);
  credential.instances = role.instances;
  credential.actions = role.actions;
  credential.role_arn = role.arn;
  credential.expiry = clock_() + (role.credential_seconds == 0 ? seconds : role.credential_seconds);
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!MakeRoom()) return std::nullopt;
  temporary_.emplace(credential.session_token, credential);
  return credential;
}

std::optional<Credential> Callers::FindTemporary(const std::string& session_token) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = temporary_.find(session_token);
  if (found == temporary_.end()) return std::nullopt;
  return found->second;
}

// Expired ones are kept while there is room, so that whoever uses one is told that it expired.
bool Callers::MakeRoom() {
  if (temporary_.size() < kTemporaryCredentialsMax) return true;
  const auto oldest = std::min_element(
      temporary_.begin(), temporary_.end(),
      [](const auto& a, const auto& b) { return a.second.expiry < b.second.expiry; });
  if (oldest->second.expiry > clock_()) return false;
  temporary_.erase(oldest);
  return true;
}

}  // namespace eic::emulator
