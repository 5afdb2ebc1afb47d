#include "aws/credentials/assume_role.h"

#include <memory>
#include <utility>
#include <vector>

#include "aws/answers.h"
#include "aws/limits.h"

namespace eic::aws {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

constexpr const char* kStsVersion = "2011-06-15";

// CloudTrail shows the session's name.
std::string SessionName(const RoleArguments& arguments, World& world) {
  if (!arguments.session_name.empty()) return arguments.session_name;
  return "ec2-instance-connect-" + std::to_string(world.Now().unix_seconds());
}

Fields FieldsOf(const RoleArguments& arguments, World& world) {
  Fields fields = {{"RoleArn", arguments.role_arn},
                   {"RoleSessionName", SessionName(arguments, world)}};
  if (!arguments.external_id.empty()) fields.emplace_back("ExternalId", arguments.external_id);
  if (arguments.duration_seconds != 0) {
    fields.emplace_back("DurationSeconds", std::to_string(arguments.duration_seconds));
  }
  return fields;
}

// One call of STS, and its answer kept in the cache.
Outcome<Credentials> Ask(const char* action, const Fields& fields, std::optional<SigningKey> key,
                         const RoleArguments& arguments, const Search& search) {
  const auto answer = search.calls.Perform(
      {Service::kSts, action, QueryForm(action, kStsVersion, fields), std::move(key)});
  if (!answer) return answer.error();
  auto assumed = ParseAssumedRole(*answer);
  if (!assumed) return assumed.error();
  assumed->source = "role " + arguments.role_arn;
  WriteRoleCache(RoleCacheKey(arguments), *assumed, search.world);
  return assumed;
}

// The code of the device, where the role asks for one, goes into `fields`.
Outcome<Nothing> AddMfaCode(const RoleArguments& arguments, const Search& search, Fields& fields) {
  if (arguments.mfa_serial.empty()) return Nothing{};
  auto code = search.prompter.AskMfaCode(arguments.mfa_serial);
  if (!code) return code.error();
  fields.emplace_back("SerialNumber", arguments.mfa_serial);
  fields.emplace_back("TokenCode", *code);
  return Nothing{};
}

Failure MfaBusy(const std::string& path) {
  return {"MfaBusy",
          "another login holds " + path +
              " and still waits for its MFA code, or the file cannot "
              "be locked",
          "Answer the other one, or end it, and try again."};
}

}  // namespace

Outcome<Credentials> AssumeRole(const RoleArguments& arguments, SourceOfRole& source,
                                const Search& search) {
  const std::string cache_key = RoleCacheKey(arguments);
  if (auto cached = ReadRoleCache(cache_key, search.world)) return std::move(*cached);

  std::unique_ptr<Lock> lock;
  const std::string& lock_path = search.configuration.mfa_lock_path;
  if (!arguments.mfa_serial.empty() && !lock_path.empty()) {
    lock = search.world.TakeLock(lock_path, kMfaLockTimeMax);
    if (lock == nullptr) return MfaBusy(lock_path);
    // Whoever held the lock may have got them meanwhile.
    if (auto cached = ReadRoleCache(cache_key, search.world)) return std::move(*cached);
  }

  const auto signer = source.Get();
  if (!signer) return signer.error();
  Fields fields = FieldsOf(arguments, search.world);
  const auto asked = AddMfaCode(arguments, search, fields);
  if (!asked) return asked.error();
  return Ask("AssumeRole", fields, signer->key, arguments, search);
}

Outcome<Credentials> AssumeRoleWithWebIdentity(const RoleArguments& arguments,
                                               const std::string& token_file,
                                               const Search& search) {
  const std::string cache_key = RoleCacheKey(arguments);
  if (auto cached = ReadRoleCache(cache_key, search.world)) return std::move(*cached);

  const auto token = search.world.ReadFile(token_file, kTokenFileBytesMax);
  if (!token) return token.error();
  if (!token->has_value()) {
    return Failure{"NoCredentials", "there is no web identity token: " + token_file + " is no file",
                   "Correct AWS_WEB_IDENTITY_TOKEN_FILE or web_identity_token_file."};
  }
  Fields fields = FieldsOf(arguments, search.world);
  fields.emplace_back("WebIdentityToken", **token);
  return Ask("AssumeRoleWithWebIdentity", fields, std::nullopt, arguments, search);
}

}  // namespace eic::aws
